using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Onnx.Graph;
using SentimentML.Persistence;

namespace SentimentML.Onnx;

/// <summary>Where a model's graphs are.</summary>
internal static class ModelSource
{
    /// <summary>Where transformers.js looks for a graph inside a model's folder, and where graphs are written.</summary>
    public static string GraphName(OnnxPrecision precision) => Path.Combine(GraphFiles.Folder, FileName(precision));

    /// <summary>
    /// A model's own graph; null if its folder has none. One beside the configuration, where optimum writes it, is taken in a folder that has no weights: a
    /// graph that is made from the weights is known to be theirs. Beside weights a graph has to be of them, as far as it says what it was made from.
    /// </summary>
    /// <exception cref="ModelFileException">
    /// It is another model's, or the model's without the adapter beside it; or there are graphs of another precision alone.
    /// </exception>
    public static string? GraphOf(SavedModel model, OnnxPrecision precision)
    {
        bool hasWeights = Checkpoint.IsIn(model.Files);
        string[] names = hasWeights ? [GraphName(precision)] : [GraphName(precision), FileName(precision)];
        if (names.Select(name => Path.Combine(model.Location, name)).FirstOrDefault(File.Exists) is { } graph)
        {
            bool hasAdapter = PeftAdapter.IsIn(model.Files);
            if (hasWeights || hasAdapter)
                RefuseAnothers(graph, model, hasAdapter);
            return graph;
        }
        string[] others = hasWeights ? [] : OtherGraphs(model.Location);
        if (others.Length == 0)
            return null;
        OnnxPrecision other = precision == OnnxPrecision.Float32 ? OnnxPrecision.Int8 : OnnxPrecision.Float32;
        throw new ModelFileException($"{model.Location} has no graph for {(precision == OnnxPrecision.Float32 ? "float32" : "int8")}, expected "
            + $"{string.Join(" or ", names)}. It has {string.Join(", ", others)}. "
            + (others.Any(name => Path.GetFileName(name) == FileName(other))
                ? $"Take that one: OnnxPrecision.{other}, --precision {(other == OnnxPrecision.Int8 ? "int8" : "float32")}."
                : $"Rename the one that you want: {FileName(OnnxPrecision.Float32)} computes in float32, {FileName(OnnxPrecision.Int8)} in int8."));
    }

    /// <summary>Deletes the graphs of a folder that say that they were made from other weights.</summary>
    public static void DeleteOthers(string folder, string source)
    {
        foreach (string graph in Enum.GetValues<OnnxPrecision>().Select(precision => Path.Combine(folder, GraphName(precision))).Where(File.Exists))
        {
            if (OnnxFile.SourceOf(graph) is not { } own || own == source)
                continue;
            File.Delete(graph);
            File.Delete(GraphFiles.DataOf(graph));
        }
    }

    private static void RefuseAnothers(string graph, SavedModel model, bool hasAdapter)
    {
        const string remedy = "Export the model again (sentimentml export, OnnxExport.Write), or delete the graph: one is then made of the weights. Or take "
            + "the engine libtorch.";
        string? source = OnnxFile.SourceOf(graph);
        if (source is not null && source != ModelDigest.OfWeights(model, CancellationToken.None))
            throw new ModelFileException($"{graph} was made from other weights than those of {model.Location}{(hasAdapter ? " with its adapter" : "")}, "
                + $"expected a graph of these: it would answer as another model. {remedy}");
        if (source is null && hasAdapter)
            throw new ModelFileException($"{graph} does not say that it was made with the adapter in {model.Location} ({PeftAdapter.ConfigFile}), expected a "
                + $"graph that has it: without it the answers are the base model's. {remedy}");
    }

    /// <summary>A folder's graphs, relative to it.</summary>
    private static string[] OtherGraphs(string folder) => Directory.Exists(folder)
        ? [.. new[] { folder, Path.Combine(folder, GraphFiles.Folder) }.Where(Directory.Exists).SelectMany(each => Directory.EnumerateFiles(each, "*.onnx"))
            .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)]
        : [];

    private static string FileName(OnnxPrecision precision) => precision == OnnxPrecision.Float32 ? GraphFiles.Float32 : GraphFiles.Int8;
}
