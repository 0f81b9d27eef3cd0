using System.Globalization;
using System.Text.Json;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Requests;
using SentimentML.Tokenization;

namespace SentimentML.AspNetCore.Faces;

/// <summary>vLLM's <c>/classify</c>: a text or a list of texts, to the probabilities of all labels in the model's order.</summary>
internal static class ClassifyFace
{
    public static async Task RunAsync(ServerRequest request)
    {
        ServedModel model;
        TextRequest texts;
        bool useActivation;
        using (JsonDocument body = await request.ReadJsonAsync().ConfigureAwait(false))
        {
            JsonElement json = body.RootElement;
            model = request.Model(json.Has("model", out JsonElement name) ? name.Text("model") : null);
            TextRequest.RequireRoom(request, model);
            int maxTokens = model.Classifier.Scorer.MaxTokens;
            int? truncateTo = json.Whole("truncate_prompt_tokens", -1, int.MaxValue);
            if (truncateTo >= 0 && truncateTo < maxTokens)
                throw RequestFault.Invalid(
                    string.Create(CultureInfo.InvariantCulture, $"`truncate_prompt_tokens` is {truncateTo}, expected -1 or the model's {maxTokens} tokens."));
            useActivation = json.Boolean("use_activation") ?? json.Boolean("activation") ?? true;
            JsonElement input = json.Required("input");
            bool isBatch = input.ValueKind != JsonValueKind.String;
            texts = new TextRequest(
                isBatch ? [.. input.Items("input").Select(text => new TextInput(text.Text("input")))] : [new TextInput(input.Text("input"))],
                isBatch, truncateTo is not null || request.Server.Options.Truncate);
        }
        ClassifiedTexts answer = await texts.ClassifyAsync(request, model).ConfigureAwait(false);
        request.WriteHeaders(answer);
        await request.WriteJsonAsync(json => Write(json, model, answer, useActivation)).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, ServedModel model, ClassifiedTexts answer, bool useActivation)
    {
        json.WriteStartObject();
        json.WriteString("id", $"classify-{Guid.NewGuid():N}");
        json.WriteString("object", "list");
        json.WriteNumber("created", DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        json.WriteString("model", model.Name);
        json.WriteStartArray("data");
        for (int i = 0; i < answer.Predictions.Count; i++)
        {
            SentimentPrediction prediction = answer.Predictions[i];
            json.WriteStartObject();
            json.WriteNumber("index", i);
            json.WriteString("label", prediction.Label);
            json.WriteStartArray("probs");
            foreach (float score in useActivation ? prediction.Probabilities : prediction.Logits)
                json.WriteNumberValue(score);
            json.WriteEndArray();
            json.WriteNumber("num_classes", prediction.Labels.Count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", answer.Tokens);
        json.WriteNumber("total_tokens", answer.Tokens);
        json.WriteNumber("completion_tokens", 0);
        json.WriteNull("prompt_tokens_details");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
