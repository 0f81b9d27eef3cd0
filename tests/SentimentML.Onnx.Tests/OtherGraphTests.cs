using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Onnx.Graph;
using SentimentML.Onnx.Runtime;

namespace SentimentML.Onnx.Tests;

/// <summary>Graphs of other programs, whose inputs and outputs are of other types and sizes than ours.</summary>
public sealed class OtherGraphTests : IDisposable
{
    private const OnnxType Double = (OnnxType)11;

    private static readonly EncoderConfig Config = EncoderConfig.Read(ModelFiles.InFolder(Shared.Golden("tiny_classifier")));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(7, 1)]
    [InlineData(6, 1)]
    [InlineData(7, 10)]
    [InlineData(6, 10)]
    public void Whole_numbers_of_32_bits_go_in_and_numbers_of_16_bits_come_out(int inputs, int logits)
    {
        using OnnxEngine engine = Engine((OnnxType)inputs, (OnnxType)logits, "batch", "length");
        Assert.Equal([30, -30, 603, -603], engine.Logits([new[] { 10, 20 }, new[] { 300, 301, 2 }]));
    }

    [Fact]
    public void A_graph_of_a_fixed_size_is_told_when_it_is_loaded() =>
        Assert.Contains("takes input_ids of the shape [1, 128], expected any number of texts of any length",
            Assert.Throws<ModelFileException>(() => Engine(OnnxType.Int64, OnnxType.Float, 1, 128)).Message, StringComparison.Ordinal);

    [Fact]
    public void Numbers_of_another_type_are_told_when_it_is_loaded()
    {
        Assert.Contains("takes input_ids as Float, expected Int64 or Int32",
            Assert.Throws<ModelFileException>(() => Engine(OnnxType.Float, OnnxType.Float, "batch", "length")).Message, StringComparison.Ordinal);
        Assert.Contains("gives logits as Double, expected Float or Float16",
            Assert.Throws<ModelFileException>(() => Engine(OnnxType.Int64, Double, "batch", "length")).Message, StringComparison.Ordinal);
    }

    /// <summary>A graph whose logits are the sum of the ids under the mask, and the same below 0.</summary>
    private OnnxEngine Engine(OnnxType inputs, OnnxType logits, params object[] shape)
    {
        var graph = new OnnxGraph();
        string read = graph.Add("Cast", [graph.Add("Mul", [EncoderGraph.Ids, EncoderGraph.Mask])], ("to", (long)OnnxType.Float));
        string sum = graph.Add("ReduceSum", [read, graph.Vector("axes", 1)], ("keepdims", 1L));
        graph.AddNamed("Cast", "last", [graph.Add("Concat", [sum, graph.Add("Neg", [sum])], ("axis", 1L))], ["logits"], ("to", (long)logits));
        OnnxFile.Write(graph, [new OnnxValue(EncoderGraph.Ids, inputs, shape), new OnnxValue(EncoderGraph.Mask, inputs, shape)],
            new OnnxValue("logits", logits, "batch", Config.Labels.Count), _folder.At("model.onnx"));
        return new OnnxEngine(_folder.At("model.onnx"), Config, OnnxPrecision.Float32);
    }
}
