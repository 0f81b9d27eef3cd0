namespace SentimentML.Onnx;

/// <summary>Where a model's graphs are.</summary>
internal static class ModelSource
{
    /// <summary>Where transformers.js and optimum look for a graph inside a model's folder.</summary>
    public static string GraphName(OnnxPrecision precision) =>
        Path.Combine("onnx", precision == OnnxPrecision.Float32 ? "model.onnx" : "model_quantized.onnx");
}
