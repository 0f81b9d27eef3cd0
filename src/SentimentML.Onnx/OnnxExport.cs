using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Onnx;
using SentimentML.Onnx.Graph;
using SentimentML.Persistence;
using static TorchSharp.torch;

#pragma warning disable RS0026 // A path and an opened model cannot be taken for each other, so both may have optional parameters.

namespace SentimentML;

/// <summary>Writes models as ONNX graphs, for runtimes other than libtorch.</summary>
public static class OnnxExport
{
    /// <summary>
    /// Writes a model's graph with what a program needs to use it, laid out as transformers.js and optimum look for it:
    /// onnx/model.onnx (float32) or onnx/model_quantized.onnx (int8), config.json and the tokenizer's files. Graphs of both
    /// precisions can lie in one folder. Weights of more than 2 GB go into a file beside the graph, named like it with _data
    /// at the end.
    /// </summary>
    /// <remarks>
    /// Inputs are input_ids and attention_mask, and token_type_ids if the network tells the texts of a pair apart (BERT), int64
    /// [batch_size, sequence_length]; the output is logits, float [batch_size, labels]. The graph has operators of the ONNX standard alone (set 17).
    /// </remarks>
    /// <param name="modelPath">
    /// A model folder, a zip that ml.Model.Save wrote, or a model on the Hugging Face hub, "organization/name" or
    /// "organization/name@revision", which is downloaded at first use.
    /// </param>
    /// <param name="outputPath">The folder to write; it may exist, and files in it that are not of the model stay.</param>
    /// <param name="precision">What the graph computes with. The default value is <see cref="OnnxPrecision.Float32"/>.</param>
    /// <exception cref="ModelFileException">There is no usable model at the path.</exception>
    /// <exception cref="HubException">The hub did not give the model.</exception>
    /// <exception cref="SentimentMLException">The folder cannot be written.</exception>
    public static void Write(string modelPath, string outputPath, OnnxPrecision precision = OnnxPrecision.Float32)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelPath);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputPath);
        if (!Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "Expected Float32 or Int8.");
        Write(SavedModel.Open(modelPath), outputPath, precision);
    }

    /// <summary>Writes the graph of a model that was opened, as <see cref="Write(string, string, OnnxPrecision)"/> does.</summary>
    /// <param name="model">The model.</param>
    /// <param name="outputPath">The folder to write; it may exist, and files in it that are not of the model stay.</param>
    /// <param name="precision">What the graph computes with. The default value is <see cref="OnnxPrecision.Float32"/>.</param>
    /// <exception cref="ModelFileException">The weights are damaged, or transforms of a zip's pipeline make the text that the network reads.</exception>
    /// <exception cref="SentimentMLException">The folder cannot be written.</exception>
    public static void Write(SavedModel model, string outputPath, OnnxPrecision precision = OnnxPrecision.Float32)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputPath);
        if (!Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "Expected Float32 or Int8.");
        model.RequireNoTransforms("a graph");
        using SequenceClassifier network = model.LoadNetwork(CPU);
        // In the record, because the folder no longer says what is known of a model by its id on the hub or from its own card.
        ModelRecord record = model.Record with { Preprocessing = model.Preprocessing, License = model.License };
        ModelParts parts = model.Parts with { Record = record };
        string folder = Path.GetFullPath(outputPath);
        try
        {
            Directory.CreateDirectory(folder);
            foreach ((string name, ReadOnlyMemory<byte> content) in parts.SmallFiles())
                WholeFile.Write(Path.Combine(folder, name), content.Span);
            string source = ModelDigest.OfWeights(model, CancellationToken.None);
            WriteGraph(network, Path.Combine(folder, ModelSource.GraphName(precision)), precision, source);
            ModelSource.DeleteOthers(folder, source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The ONNX model cannot be written to {folder}: {e.Message} Look for free space and write permission.", e);
        }
    }

    /// <summary>Writes a graph beside its place first, so that no program reads half of one.</summary>
    internal static void WriteGraph(
        SequenceClassifier network, string path, OnnxPrecision precision, string? source = null, long mostInside = OnnxFile.MostInside)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Tensors outside of the graph's file are named inside it, so both are written under their own names in a folder beside.
        using var beside = new WholeFolder(path);
        string written = Path.Combine(beside.Path, Path.GetFileName(path));
        OnnxFile.Write(EncoderGraph.Of(network, precision), EncoderGraph.Inputs(network.Config), EncoderGraph.Output(network.Config), written, source,
            mostInside);
        if (File.Exists(GraphFiles.DataOf(written)))
            File.Move(GraphFiles.DataOf(written), GraphFiles.DataOf(path), overwrite: true);
        else
            File.Delete(GraphFiles.DataOf(path));
        File.Move(written, path, overwrite: true);
    }
}
