using Microsoft.ML.OnnxRuntime;

namespace SentimentML.Onnx.Tests;

public class GraphStructureTests
{
    [Theory]
    [InlineData(OnnxPrecision.Float32)]
    [InlineData(OnnxPrecision.Int8)]
    public void Inputs_and_output_are_named_and_shaped_as_optimum_has_them(OnnxPrecision precision)
    {
        OnnxModelReader model = Export("tiny_classifier_3", precision);
        Assert.Equal(new Dictionary<string, string> { ["input_ids"] = "7[batch_size,sequence_length]", ["attention_mask"] = "7[batch_size,sequence_length]" },
            model.Inputs);
        Assert.Equal(new Dictionary<string, string> { ["logits"] = "1[batch_size,3]" }, model.Outputs);
        Assert.Equal(8, model.IrVersion);
        Assert.Equal(new Dictionary<string, long> { [""] = 17 }, model.OperatorSets);
    }

    [Theory]
    [InlineData(OnnxPrecision.Float32)]
    [InlineData(OnnxPrecision.Int8)]
    public void Every_input_of_a_node_comes_from_before_it_and_no_tensor_is_there_for_nothing(OnnxPrecision precision)
    {
        OnnxModelReader model = Export("tiny_classifier", precision);
        HashSet<string> known = [.. model.Inputs.Keys, .. model.Initializers.Keys];
        foreach (OnnxModelReader.Node node in model.Nodes)
        {
            Assert.True(node.Inputs.All(known.Contains), $"{node.Name} reads {string.Join(", ", node.Inputs.Where(i => !known.Contains(i)))}");
            Assert.True(node.Outputs.All(known.Add), $"{node.Name} writes a name again");
        }
        Assert.Empty(model.Initializers.Keys.Except(model.Nodes.SelectMany(n => n.Inputs)));
        Assert.Equal(model.Nodes.Count, model.Nodes.Select(n => n.Name).Distinct().Count());
        Assert.All(model.Initializers.Values, t =>
            Assert.Equal(t.Shape.Aggregate(1L, (a, b) => a * b) * t.Type switch { 1 => 4, 7 => 8, _ => 1 }, t.Raw.Length));
    }

    [Fact]
    public void In_int8_every_linear_layer_is_signed_bytes_with_a_scale_for_each_output()
    {
        OnnxModelReader model = Export("tiny_classifier", OnnxPrecision.Int8);
        Assert.DoesNotContain(model.Nodes, n => n.Operation == "MatMul" && n.Inputs.Any(model.Initializers.ContainsKey));
        OnnxModelReader.Node[] products = [.. model.Nodes.Where(n => n.Operation == "MatMulInteger")];
        Assert.Equal(3 * 6 + 2, products.Length); // three layers, and the head
        foreach (OnnxModelReader.Node product in products)
        {
            OnnxModelReader.Initializer matrix = model.Initializers[product.Inputs[1]];
            OnnxModelReader.Initializer scales = model.Initializers[matrix.Name.Replace("_quantized", "_scale", StringComparison.Ordinal)];
            Assert.Equal((3L, 1L), (matrix.Type, scales.Type));
            Assert.Equal([matrix.Shape[1]], scales.Shape);
        }
    }

    [Fact]
    public void An_input_that_several_layers_read_is_quantized_once()
    {
        OnnxModelReader model = Export("tiny_classifier", OnnxPrecision.Int8);
        string[] quantized = [.. model.Nodes.Where(n => n.Operation == "DynamicQuantizeLinear").Select(n => n.Inputs[0])];
        Assert.Equal(quantized.Distinct(), quantized);
    }

    [Fact]
    public void ONNX_Runtime_replaces_the_graph_by_its_fused_kernels()
    {
        OnnxModelReader fp32 = Optimized(OnnxPrecision.Float32);
        Assert.Equal(3, fp32.Nodes.Count(n => n.Operation is "BiasGelu"));
        Assert.Equal(3, fp32.Nodes.Count(n => n.Operation is "FusedMatMul"));
        Assert.DoesNotContain(fp32.Nodes, n => n.Operation is "Erf" or "Div");

        OnnxModelReader int8 = Optimized(OnnxPrecision.Int8);
        Assert.Equal(3, int8.Nodes.Count(n => n.Operation is "Gelu"));
        Assert.Equal(20, int8.Nodes.Count(n => n.Operation is "MatMulIntegerToFloat" or "DynamicQuantizeMatMul"));
        Assert.DoesNotContain(int8.Nodes, n => n.Operation is "MatMulInteger");
    }

    [Fact]
    public void The_last_layer_works_for_the_first_token_alone()
    {
        OnnxModelReader model = Export("tiny_classifier", OnnxPrecision.Float32);
        OnnxModelReader.Node slice = Assert.Single(model.Nodes, n => n.Operation == "Slice");
        Assert.Equal(["roberta.encoder.layer.2.attention.self.query.weight"],
            model.Nodes.Where(n => n.Operation == "MatMul" && n.Inputs[0] == slice.Outputs[0]).Select(n => n.Inputs[1]));
    }

    private static OnnxModelReader Export(string name, OnnxPrecision precision)
    {
        using var tiny = new TinyModel(name);
        using var folder = new TemporaryFolder();
        OnnxExport.WriteGraph(tiny.Network, folder.At("model.onnx"), precision);
        return OnnxModelReader.Read(folder.At("model.onnx"));
    }

    private static OnnxModelReader Optimized(OnnxPrecision precision)
    {
        using var tiny = new TinyModel("tiny_classifier");
        using var folder = new TemporaryFolder();
        OnnxExport.WriteGraph(tiny.Network, folder.At("model.onnx"), precision);
        using var options = new SessionOptions
        {
            OptimizedModelFilePath = folder.At("optimized.onnx"),
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
        };
        new InferenceSession(folder.At("model.onnx"), options).Dispose();
        return OnnxModelReader.Read(folder.At("optimized.onnx"));
    }
}
