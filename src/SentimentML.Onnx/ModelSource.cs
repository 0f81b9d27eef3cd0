using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Onnx;

/// <summary>Where a model's graphs are.</summary>
internal static class ModelSource
{
    /// <summary>Where transformers.js looks for a graph inside a model's folder, and where graphs are written.</summary>
    public static string GraphName(OnnxPrecision precision) => Path.Combine("onnx", FileName(precision));

    /// <summary>
    /// A model's own graph; null if its folder has none. One beside the configuration, where optimum writes it, is taken in a folder that has no weights: a
    /// graph that is made from the weights is known to be theirs.
    /// </summary>
    public static string? GraphOf(SavedModel model, OnnxPrecision precision)
    {
        bool hasWeights = Checkpoint.IsIn(model.Files);
        string[] names = hasWeights ? [GraphName(precision)] : [GraphName(precision), FileName(precision)];
        if (names.Select(name => Path.Combine(model.Location, name)).FirstOrDefault(File.Exists) is { } graph)
            return graph;
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

    /// <summary>A folder's graphs, relative to it.</summary>
    private static string[] OtherGraphs(string folder) => Directory.Exists(folder)
        ? [.. new[] { folder, Path.Combine(folder, "onnx") }.Where(Directory.Exists).SelectMany(each => Directory.EnumerateFiles(each, "*.onnx"))
            .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)]
        : [];

    private static string FileName(OnnxPrecision precision) => precision == OnnxPrecision.Float32 ? "model.onnx" : "model_quantized.onnx";
}
