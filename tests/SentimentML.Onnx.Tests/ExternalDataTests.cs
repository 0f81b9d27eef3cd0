using SentimentML.Onnx.Runtime;

namespace SentimentML.Onnx.Tests;

public class ExternalDataTests
{
    [Theory]
    [InlineData(OnnxPrecision.Float32)]
    [InlineData(OnnxPrecision.Int8)]
    public void Tensors_too_many_for_one_file_lie_beside_the_graph_and_give_the_same_logits(OnnxPrecision precision)
    {
        using var tiny = new TinyModel("tiny_classifier");
        using var folder = new TemporaryFolder();
        OnnxExport.WriteGraph(tiny.Network, folder.At("inside.onnx"), precision);
        OnnxExport.WriteGraph(tiny.Network, folder.At("model.onnx"), precision, mostInside: 0);
        Assert.Equal(["inside.onnx", "model.onnx", "model.onnx_data"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());

        using var inside = new OnnxEngine(folder.At("inside.onnx"), tiny.Model.Config, precision);
        using var outside = new OnnxEngine(folder.At("model.onnx"), tiny.Model.Config, precision);
        Assert.Equal(inside.Logits(tiny.Rows()), outside.Logits(tiny.Rows()));
    }

    [Fact]
    public void Each_tensor_outside_starts_at_a_page_and_overlaps_no_other()
    {
        using var tiny = new TinyModel("tiny_classifier");
        using var folder = new TemporaryFolder();
        OnnxExport.WriteGraph(tiny.Network, folder.At("model.onnx"), OnnxPrecision.Float32, mostInside: 0);
        OnnxModelReader.Initializer[] outside = [.. OnnxModelReader.Read(folder.At("model.onnx")).Initializers.Values.Where(t => t.Outside.Count > 0)];
        Assert.NotEmpty(outside);
        long end = 0;
        foreach (OnnxModelReader.Initializer tensor in outside.OrderBy(t => long.Parse(t.Outside["offset"])))
        {
            long offset = long.Parse(tensor.Outside["offset"]);
            Assert.Equal("model.onnx_data", tensor.Outside["location"]);
            Assert.Equal(0, offset % 4096);
            Assert.True(offset >= end, $"{tensor.Name} starts at {offset}, inside the one before, which ends at {end}");
            Assert.Equal(tensor.Shape.Aggregate(4L, (a, b) => a * b), long.Parse(tensor.Outside["length"]));
            end = offset + long.Parse(tensor.Outside["length"]);
        }
        Assert.Equal(end, new FileInfo(folder.At("model.onnx_data")).Length);
    }

    [Fact]
    public void A_graph_that_needs_no_second_file_takes_an_older_one_away()
    {
        using var tiny = new TinyModel("tiny_classifier");
        using var folder = new TemporaryFolder();
        OnnxExport.WriteGraph(tiny.Network, folder.At("model.onnx"), OnnxPrecision.Float32, mostInside: 0);
        OnnxExport.WriteGraph(tiny.Network, folder.At("model.onnx"), OnnxPrecision.Float32);
        Assert.Equal(["model.onnx"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }
}
