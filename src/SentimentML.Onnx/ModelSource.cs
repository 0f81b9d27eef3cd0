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
        string[] names = Checkpoint.IsIn(model.Files) ? [GraphName(precision)] : [GraphName(precision), FileName(precision)];
        return names.Select(name => Path.Combine(model.Location, name)).FirstOrDefault(File.Exists);
    }

    private static string FileName(OnnxPrecision precision) => precision == OnnxPrecision.Float32 ? "model.onnx" : "model_quantized.onnx";
}
