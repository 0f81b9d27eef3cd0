using System.Text.Json.Nodes;
using SentimentML.Inference;

namespace SentimentML.Tool.Machine;

/// <summary>What a model is: its labels, its size, how it was made. Its weights are not read.</summary>
internal static class ModelFacts
{
    public static JsonObject Collect(SavedModel model, TorchDevice device)
    {
        JsonNode record = JsonNode.Parse(model.Record.ToJson())!;
        var on = device.Resolve();
        string? fault = model.CheckWeights(out IReadOnlyList<string> unused);
        return new JsonObject
        {
            ["path"] = model.Location,
            ["fault"] = fault,
            ["unused_weights"] = new JsonArray([.. unused.Select(name => (JsonNode)name)]),
            ["kind"] = model.IsZip ? "ML.NET zip" : "model folder",
            ["bytes"] = model.Bytes,
            ["engine"] = fault is not null ? null : EncoderEngine.Describe(model.Parts.PrecisionOn(InferencePrecision.Auto, on), on),
            ["labels"] = new JsonArray([.. model.Labels.Select(label => (JsonNode)label)]),
            ["text_transforms"] = new JsonArray([.. model.TextTransforms.Select(transform => (JsonNode)transform)]),
            ["max_tokens"] = model.MaxTokens,
            ["parameters"] = model.CountParameters(),
            ["layers"] = model.Config.Layers,
            ["hidden_size"] = model.Config.HiddenSize,
            ["heads"] = model.Config.Heads,
            ["vocabulary"] = model.Config.VocabularySize,
            ["backbone"] = record["backbone"]?.DeepClone(),
            ["training"] = record["training"]?.DeepClone(),
            ["evaluations"] = record["evaluations"]?.DeepClone(),
        };
    }
}
