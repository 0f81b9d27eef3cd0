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
        string beside = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(beside);
            WriteThrough(Path.Combine(beside, ModelParts.Weights), file => SafetensorsWriter.Write(file, ModelParts.WeightsOf(model)));
            IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> small = ModelParts.SmallFiles(model);
            foreach ((string name, ReadOnlyMemory<byte> content) in small)
                WriteThrough(Path.Combine(beside, name), file => file.Write(content.Span));
            if (!Directory.Exists(target))
            {
                Directory.Move(beside, target);
                return;
            }
            foreach (string name in small.Select(file => file.Name).Prepend(ModelParts.Weights))
                File.Move(Path.Combine(beside, name), Path.Combine(target, name), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The model cannot be written to {target}: {e.Message} Look for free space and write permission; the model is still in memory.", e);
        }
        finally
        {
            if (Directory.Exists(beside))
                Directory.Delete(beside, recursive: true);
        }
    }

    private static void WriteThrough(string path, Action<Stream> write)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        write(file);
        file.Flush(flushToDisk: true);
    }
}
