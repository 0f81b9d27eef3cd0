namespace SentimentML.Persistence;

/// <summary>The names of a model's ONNX graphs, as optimum and transformers.js have them.</summary>
internal static class GraphFiles
{
    public const string Float32 = "model.onnx", Int8 = "model_quantized.onnx";

    /// <summary>Where transformers.js looks for a graph inside a model's folder.</summary>
    public const string Folder = "onnx";

    /// <summary>Graphs that are read with a model, and their tensors outside of them, relative to its folder.</summary>
    public static readonly IReadOnlyList<string> FileNames =
        [.. new[] { Float32, Int8 }.SelectMany(name => new[] { name, Path.Combine(Folder, name) }).SelectMany(name => new[] { name, DataOf(name) })];

    /// <summary>The file with the tensors of a graph that has them outside, named as optimum names it.</summary>
    public static string DataOf(string path) => path + "_data";
}
