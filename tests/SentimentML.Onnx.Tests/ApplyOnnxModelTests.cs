using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Onnx.Tests;

/// <summary>The exported file in ML.NET's own ONNX transformer.</summary>
public class ApplyOnnxModelTests
{
    [Theory]
    [InlineData(OnnxPrecision.Float32, 1e-4f)]
    [InlineData(OnnxPrecision.Int8, 0.2f)]
    public void ML_NETs_ApplyOnnxModel_gives_the_networks_logits(OnnxPrecision precision, float tolerance)
    {
        using var tiny = new TinyModel("tiny_classifier_3");
        using var folder = new TemporaryFolder();
        OnnxExport.Write(tiny.Folder, folder.Path, precision);
        string graph = folder.At("onnx", precision == OnnxPrecision.Int8 ? "model_quantized.onnx" : "model.onnx");
        int[] row = tiny.Rows()[3].Ids.ToArray();

        var ml = new MLContext();
        IDataView rows = ml.Data.LoadFromEnumerable([new Row { Ids = [.. row.Select(id => (long)id)], Mask = [.. row.Select(_ => 1L)] }],
            Schema(row.Length));
        var shapes = new Dictionary<string, int[]> { ["input_ids"] = [1, row.Length], ["attention_mask"] = [1, row.Length] };
        using var model = ml.Transforms.ApplyOnnxModel(["logits"], ["input_ids", "attention_mask"], graph, shapes, recursionLimit: 100).Fit(rows);
        float[] logits = ml.Data.CreateEnumerable<Answer>(model.Transform(rows), reuseRowObject: false).Single().Logits;

        float[] expected = tiny.Torch.Logits([row]);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - logits[i]) <= tolerance, $"logit {i}: expected {expected[i]}, actual {logits[i]}");
    }

    private static SchemaDefinition Schema(int length)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["input_ids"].ColumnType = new VectorDataViewType(NumberDataViewType.Int64, length);
        schema["attention_mask"].ColumnType = new VectorDataViewType(NumberDataViewType.Int64, length);
        return schema;
    }

    private sealed class Row
    {
        [ColumnName("input_ids")]
        public long[] Ids { get; set; } = [];

        [ColumnName("attention_mask")]
        public long[] Mask { get; set; } = [];
    }

    private sealed class Answer
    {
        [ColumnName("logits")]
        public float[] Logits { get; set; } = [];
    }
}
