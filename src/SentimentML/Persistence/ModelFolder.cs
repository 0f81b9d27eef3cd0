using SentimentML.Files;

namespace SentimentML.Persistence;

/// <summary>Writes a model as a folder that transformers' from_pretrained reads.</summary>
internal static class ModelFolder
{
    /// <summary>
    /// Writes everything beside the folder first. A folder that is not there yet appears whole; in one that is, each file
    /// is replaced whole and config.json last, and files that are not of the model stay.
    /// </summary>
    public static void Save(TextClassificationModel model, string folder) => Save(model.Parts, model.WriteWeights, folder);

    /// <inheritdoc cref="Save(TextClassificationModel, string)"/>
    public static void Save(ModelParts parts, Action<Stream> writeWeights, string folder)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            using var files = new WholeFolder(target);
            files.Write(ModelParts.Weights, writeWeights);
            foreach ((string name, ReadOnlyMemory<byte> content) in parts.SmallFiles())
                files.Write(name, file => file.Write(content.Span));
            files.Complete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The model cannot be written to {target}: {e.Message} Look for free space and write permission; the model is still in memory.", e);
        }
    }
}
