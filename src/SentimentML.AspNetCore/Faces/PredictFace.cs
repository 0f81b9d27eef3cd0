using System.Text.Json;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Requests;
using SentimentML.Numerics;
using SentimentML.Tokenization;

namespace SentimentML.AspNetCore.Faces;

/// <summary>
/// text-embeddings-inference's <c>/predict</c>: a text, a pair of texts, or a batch of either, to scores by label, the highest first.
/// With a member "parameters" or "options", and at that API's own route, it is a request of huggingface_hub's InferenceClient or of another client of
/// Hugging Face's inference API, which expects the answer of a transformers pipeline: a list for each text, also if there is one text only; two texts
/// are two, and a pair is written as the pipeline takes it, {"text": …, "text_pair": …}.
/// </summary>
internal static class PredictFace
{
    public static Task RunAsync(ServerRequest request) => AnswerAsync(request, isPipeline: false);

    public static Task RunPipelineAsync(ServerRequest request) => AnswerAsync(request, isPipeline: true);

    private static async Task AnswerAsync(ServerRequest request, bool isPipeline)
    {
        ServedModel model = request.Model();
        TextRequest.RequireRoom(request, model);
        TextRequest texts;
        PipelineParameters? parameters;
        bool rawScores;
        using (JsonDocument body = await request.ReadJsonAsync().ConfigureAwait(false))
        {
            JsonElement json = body.RootElement;
            parameters = PipelineParameters.Of(json) ?? (isPipeline ? PipelineParameters.None : null);
            rawScores = json.Boolean("raw_scores") ?? false;
            JsonElement inputs = json.Required("inputs");
            (IReadOnlyList<TextInput> read, bool isBatch) = parameters is null ? Inputs(inputs) : TextOrTexts(inputs);
            texts = new TextRequest(read, isBatch, json.Boolean("truncate") ?? request.Server.Options.Truncate,
                json.Choice("truncation_direction", "left", "right") is { } side ? side == "left" : null);
        }
        ClassifiedTexts answer = await texts.ClassifyAsync(request, model).ConfigureAwait(false);
        request.WriteHeaders(answer);
        await request.WriteJsonAsync(json =>
        {
            bool isList = texts.IsBatch || parameters is not null;
            if (isList)
                json.WriteStartArray();
            foreach (SentimentPrediction prediction in answer.Predictions)
                WriteScores(json, prediction, parameters?.Scores(prediction) ?? (rawScores ? prediction.Logits : prediction.Probabilities), parameters?.TopK);
            if (isList)
                json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    /// <summary>A text, a pair, or a batch of lists of one or two texts.</summary>
    private static (IReadOnlyList<TextInput> Texts, bool IsBatch) Inputs(JsonElement inputs)
    {
        if (inputs.ValueKind == JsonValueKind.String)
            return ([new TextInput(inputs.Text("inputs"))], false);
        if (inputs.ValueKind != JsonValueKind.Array || inputs.GetArrayLength() == 0)
            throw inputs.ValueKind == JsonValueKind.Array
                ? RequestFault.Empty("`inputs` cannot be empty")
                : RequestFault.Invalid("`inputs` is neither a string, nor a pair of strings [string, string], nor a batch [[string], [string, string], …].");
        return inputs[0].ValueKind == JsonValueKind.Array
            ? ([.. inputs.EnumerateArray().Select(Sequence)], true)
            : ([Sequence(inputs)], false);
    }

    private static TextInput Sequence(JsonElement texts)
    {
        if (texts.ValueKind != JsonValueKind.Array || texts.GetArrayLength() is < 1 or > 2)
            throw RequestFault.Invalid("`inputs` has an element that is not a list of one or two strings: a batch is [[string], [string], …].");
        return new TextInput(texts[0].Text("inputs"), texts.GetArrayLength() == 2 ? texts[1].Text("inputs") : null);
    }

    private static (IReadOnlyList<TextInput> Texts, bool IsBatch) TextOrTexts(JsonElement inputs) =>
        inputs.ValueKind is JsonValueKind.String or JsonValueKind.Object
            ? ([Text(inputs)], false)
            : ([.. inputs.Items("inputs").Select(Text)], true);

    /// <summary>A text, a pair with its texts' names, or a list of one or two texts.</summary>
    private static TextInput Text(JsonElement text) => text.ValueKind switch
    {
        JsonValueKind.Object => new TextInput(text.Required("text").Text("text"), text.Has("text_pair", out JsonElement pair) ? pair.Text("text_pair") : null),
        JsonValueKind.Array => Sequence(text),
        _ => new TextInput(text.Text("inputs")),
    };

    private static void WriteScores(Utf8JsonWriter json, SentimentPrediction prediction, IReadOnlyList<float> scores, int? topK)
    {
        json.WriteStartArray();
        foreach (int label in Enumerable.Range(0, scores.Count).OrderByDescending(label => scores[label]).Take(topK ?? scores.Count))
        {
            json.WriteStartObject();
            json.WriteNumber("score", scores[label]);
            json.WriteString("label", prediction.Labels[label]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>What clients of Hugging Face's inference API may ask for. "options" are for that API's own server, and only say whose client it is.</summary>
    private sealed record PipelineParameters(int? TopK, string? Function)
    {
        public static readonly PipelineParameters None = new(null, null);

        public static PipelineParameters? Of(JsonElement json)
        {
            JsonElement? parameters = Object(json, "parameters");
            if (parameters is null)
                return Object(json, "options") is null ? null : None;
            return new PipelineParameters(
                parameters.Value.Whole("top_k", 1, int.MaxValue), parameters.Value.Choice("function_to_apply", "sigmoid", "softmax", "none"));
        }

        private static JsonElement? Object(JsonElement json, string name) => !json.Has(name, out JsonElement value) ? null
            : value.ValueKind == JsonValueKind.Object ? value
            : throw RequestFault.Invalid($"`{name}` is a {JsonText.Kind(value)}, expected a JSON object.");

        /// <summary>Null for the model's own way.</summary>
        public IReadOnlyList<float>? Scores(SentimentPrediction prediction) => Function switch
        {
            "none" => prediction.Logits,
            "softmax" => Softmax.Of([.. prediction.Logits], 1),
            "sigmoid" => [.. prediction.Logits.Select(logit => (float)(1 / (1 + Math.Exp(-logit))))],
            _ => null,
        };
    }
}
