using System.Text.Json.Nodes;
using SentimentML.Backbones;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Encoders;

namespace SentimentML.Persistence;

/// <summary>A model as a folder that transformers' from_pretrained reads.</summary>
internal static class ModelFolder
{
    public static TextClassificationModel Load(string folder, TorchDevice device)
    {
        ModelFiles files = ModelFiles.InFolder(folder);
        var on = device.Resolve();
        JsonObject card = ModelParts.ReadCard(files);
        Pretrained loaded = Pretrained.Classifier(files, on);
        int maxTokens = ModelParts.MaxTokens(card, loaded.Network.Config, loaded.Tokenizer);
        return new TextClassificationModel(loaded.Network, loaded.Tokenizer, maxTokens, card, on);
    }

    /// <summary>
    /// Writes everything beside the folder first. A folder that is not there yet appears whole; in one that is, each file
    /// is replaced whole and config.json last, and files that are not of the model stay.
    /// </summary>
    public static void Save(TextClassificationModel model, string folder)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            using var files = new WholeFolder(target);
            files.Write(ModelParts.Weights, file => SafetensorsWriter.Write(file, ModelParts.WeightsOf(model)));
            foreach ((string name, ReadOnlyMemory<byte> content) in ModelParts.SmallFiles(model))
                files.Write(name, file => file.Write(content.Span));
            files.Complete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The model cannot be written to {target}: {e.Message} Look for free space and write permission; the model is still in memory.", e);
        }
    }
}
