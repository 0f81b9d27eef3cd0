using System.Text.Json.Nodes;
using SentimentML.Inference;
using SentimentML.Persistence;

namespace SentimentML.Tool.Machine;

/// <summary>What a model is: its labels, its size, how it was made.</summary>
internal static class ModelFacts
{
    public static JsonObject Collect(string path, TorchDevice device)
    {
        bool isFolder = Directory.Exists(path);
        using TextClassificationModel model = isFolder ? ModelFolder.Load(path, device) : ModelZip.Load(path, device);
        return new JsonObject
        {
            ["path"] = Path.GetFullPath(path),
            ["kind"] = isFolder ? "model folder" : "ML.NET zip",
            ["bytes"] = isFolder ? new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length) : new FileInfo(path).Length,
            ["engine"] = EncoderEngine.Describe(PrecisionChoice.Resolve(InferencePrecision.Auto, model.Card, model.Device), model.Device),
            ["labels"] = new JsonArray([.. model.Scorer.Labels.Select(label => (JsonNode)label)]),
            ["max_tokens"] = model.Scorer.MaxTokens,
            ["parameters"] = model.Network.parameters().Sum(parameter => parameter.numel()),
            ["layers"] = model.Config.Layers,
            ["hidden_size"] = model.Config.HiddenSize,
            ["heads"] = model.Config.Heads,
            ["vocabulary"] = model.Config.VocabularySize,
            ["backbone"] = model.Card["backbone"]?.DeepClone(),
            ["training"] = model.Card["training"]?.DeepClone(),
            ["evaluations"] = model.Card["evaluations"]?.DeepClone(),
        };
    }
}
