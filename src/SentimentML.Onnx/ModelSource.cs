using SentimentML.Inference;
using SentimentML.Persistence;

namespace SentimentML.Onnx;

/// <summary>A model at a path, as the library saves it: a folder or a zip.</summary>
internal static class ModelSource
{
    public static TextClassificationModel Load(string path) =>
        Directory.Exists(path) ? ModelFolder.Load(path, TorchDevice.Cpu) : ModelZip.Load(path, TorchDevice.Cpu);

    /// <summary>Where transformers.js and optimum look for a graph inside a model's folder.</summary>
    public static string GraphName(OnnxPrecision precision) =>
        Path.Combine("onnx", precision == OnnxPrecision.Float32 ? "model.onnx" : "model_quantized.onnx");
}
