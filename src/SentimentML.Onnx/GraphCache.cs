using SentimentML.Files;
using SentimentML.Persistence;

namespace SentimentML.Onnx;

/// <summary>Where graphs are kept that were written to be run here: a folder for each model, named by its content.</summary>
internal static class GraphCache
{
    /// <summary>Changes whenever another graph is written for the same model.</summary>
    private const string Format = "1";

    private const int DigitsInName = 32;

    /// <summary>The folder for a model; it may not exist yet.</summary>
    public static string FolderOf(SavedModel model) =>
        Path.Combine(CacheFolder.Open("onnx"), $"{Format}-{ModelDigest.Of(model, CancellationToken.None)[..DigitsInName]}");
}
