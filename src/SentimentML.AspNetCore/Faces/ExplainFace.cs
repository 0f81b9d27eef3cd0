using System.Text.Json;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Requests;
using SentimentML.Tokenization;

namespace SentimentML.AspNetCore.Faces;

/// <summary>
/// <c>/explain</c>: a text to its label and what each word did to it. Words are hidden in turn (occlusion), which every engine can do: the
/// texts without them go through the batcher with those of other requests. Their number is bounded, so long texts are explained in runs
/// of words, and one text of a model is explained at a time.
/// </summary>
internal static class ExplainFace
{
    public static async Task RunAsync(ServerRequest request)
    {
        SentimentServerOptions limits = request.Server.Options;
        ServedModel model = request.Model();
        TextRequest.RequireRoom(request, model);
        string text;
        string? label;
        using (JsonDocument body = await request.ReadJsonAsync().ConfigureAwait(false))
        {
            text = body.RootElement.Required("inputs").Text("inputs");
            label = body.RootElement.Has("label", out JsonElement given) ? given.Text("label") : null;
        }
        TextRequest.Check([new TextInput(text)], limits);
        if (label is not null && !model.Classifier.Labels.Contains(label, StringComparer.Ordinal))
            throw RequestFault.Invalid(
                $"`label` is '{RequestFault.Shown(label)}', expected one of the model's labels: {string.Join(", ", model.Classifier.Labels)}.");
        if (!request.Server.ExplanationSlots.Wait(0, CancellationToken.None))
            throw RequestFault.Overloaded(model.RetryAfter);
        Explanation explanation;
        try
        {
            explanation = await model.Classifier.ExplainAsync(text, ExplanationMethod.Occlusion, label, limits.MaxWordsPerExplanation, request.Aborted)
                .ConfigureAwait(false);
        }
        catch (SentimentMLException e) // a regular expression of the tokenizer takes too long on this text
        {
            throw RequestFault.Untokenizable(e.Message);
        }
        finally
        {
            request.Server.ExplanationSlots.Release();
        }
        await request.WriteJsonAsync(json => Write(json, explanation)).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, Explanation explanation)
    {
        int[] codePoints = CodePoints.Before(explanation.Text);
        json.WriteStartObject();
        json.WriteString("label", explanation.Label);
        json.WriteNumber("score", explanation.Score);
        json.WriteString("text", explanation.Text);
        json.WriteBoolean("truncated", explanation.IsTruncated);
        json.WriteStartArray("words");
        foreach (WordAttribution word in explanation.Words)
        {
            json.WriteStartObject();
            json.WriteString("text", word.Word);
            json.WriteNumber("start", codePoints[word.Start]);
            json.WriteNumber("stop", codePoints[word.End]);
            json.WriteNumber("weight", (float)word.Weight);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
