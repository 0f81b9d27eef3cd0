namespace SentimentML.Tool.Training;

/// <summary>
/// The folder that a model will be written to, looked at before hours of training: it must be new, empty or a model's, and
/// writable.
/// </summary>
internal sealed class ModelDestination
{
    private const string ModelFile = "config.json";

    /// <exception cref="SentimentMLException">No model can be written there.</exception>
    public ModelDestination(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (File.Exists(Path))
            throw new SentimentMLException($"{Path} is a file, expected a folder for the model.");
        if (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any() && !File.Exists(System.IO.Path.Combine(Path, ModelFile)))
            throw new SentimentMLException($"{Path} holds something that is no model, expected a new folder, an empty one or a model to replace.");
        RequireWritable();
    }

    public string Path { get; }

    /// <summary>Writes the model.</summary>
    /// <param name="model">A trained one.</param>
    /// <param name="weights">The numbers that the weights are saved in.</param>
    /// <param name="checkpoints">The folder of its training's checkpoints; null for none.</param>
    /// <exception cref="SentimentMLException">The disk is full, or the folder cannot be written any more.</exception>
    public void Write(SentimentClassificationTransformer model, WeightType weights, string? checkpoints)
    {
        try
        {
            model.SaveFolder(Path, weights);
        }
        catch (SentimentMLException e) when (checkpoints is not null)
        {
            throw new SentimentMLException(
                $"{e.Message} The training's last checkpoint is in {checkpoints}: the same command with --resume continues from there.", e);
        }
    }

    /// <summary>Tries the folder that will take the model, or the nearest one above that exists.</summary>
    private void RequireWritable()
    {
        string at = System.IO.Path.GetDirectoryName(Path) ?? Path;
        while (!Directory.Exists(at))
        {
            if (File.Exists(at))
                throw new SentimentMLException($"The model cannot be written to {Path}: {at} is a file, expected a folder. Choose another folder.");
            at = System.IO.Path.GetDirectoryName(at) ?? throw new SentimentMLException($"{Path} cannot be written: there is no {at}.");
        }
        try
        {
            using var probe = new FileStream(
                System.IO.Path.Combine(at, $".sentimentml-{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException(
                $"The model cannot be written to {Path}: {e.Message} Look for write permission and free space, or choose another folder.", e);
        }
    }
}
