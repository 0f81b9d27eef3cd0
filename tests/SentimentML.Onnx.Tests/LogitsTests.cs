using System.Text.Json;
using SentimentML.Inference;
using SentimentML.Onnx.Runtime;
using SentimentML.Tokenization;

namespace SentimentML.Onnx.Tests;

/// <summary>The graph on ONNX Runtime against the network on libtorch, and against transformers.</summary>
public class LogitsTests
{
    private const float Tolerance = 1e-4f;

    [Theory]
    [InlineData("tiny_classifier")]
    [InlineData("tiny_classifier_3")]
    public void Logits_of_a_padded_batch_equal_the_networks(string name)
    {
        using var tiny = new TinyModel(name);
        using OnnxEngine engine = tiny.Engine(OnnxPrecision.Float32);
        Equal(tiny.Torch.Logits(tiny.Rows()), engine.Logits(tiny.Rows()), Tolerance);
    }

    [Theory]
    [InlineData("tiny_classifier")]
    [InlineData("tiny_classifier_3")]
    public void Logits_of_single_rows_equal_the_networks(string name)
    {
        using var tiny = new TinyModel(name);
        using OnnxEngine engine = tiny.Engine(OnnxPrecision.Float32);
        foreach (TokenRow row in tiny.Rows())
            Equal(tiny.Torch.Logits([row]), engine.Logits([row]), Tolerance);
    }

    [Theory]
    [InlineData(OnnxPrecision.Float32)]
    [InlineData(OnnxPrecision.Int8)]
    public void A_texts_answer_does_not_depend_on_how_many_workers_there_are(OnnxPrecision precision)
    {
        using var tiny = new TinyModel("tiny_classifier");
        TokenRow[] rows = [.. Enumerable.Repeat(tiny.Rows(), 20).SelectMany(row => row)];
        float[][]? expected = null;
        foreach (int cores in new[] { 1, 2, 3 })
        {
            using var pool = new WorkerPool(cores);
            using var engine = new GatheringEngine(tiny.Engine(precision, cores), TimeSpan.Zero, together: false, pool: pool);
            float[][] answers = ScoringPipeline.Score(engine, rows, TestContext.Current.CancellationToken);
            expected ??= answers;
            Assert.Equal(expected, answers);
        }
    }

    [Theory]
    [InlineData("tiny_classifier", "classifier_logits_padded_batch")]
    [InlineData("tiny_classifier_3", "classifier3_logits")]
    public void Logits_equal_the_reference(string name, string expected)
    {
        JsonElement golden = JsonDocument.Parse(File.ReadAllText(Shared.Golden("tiny_forward.json"))).RootElement;
        float[] reference = [.. golden.GetProperty(expected).EnumerateArray().SelectMany(row => row.EnumerateArray().Select(x => x.GetSingle()))];
        using var tiny = new TinyModel(name);
        using OnnxEngine engine = tiny.Engine(OnnxPrecision.Float32);
        Equal(reference, engine.Logits(TinyModel.ReferenceRows(golden)), Tolerance);
    }

    [Theory]
    [InlineData("gelu")]
    [InlineData("gelu_new")]
    [InlineData("quick_gelu")]
    [InlineData("relu")]
    [InlineData("relu6")]
    [InlineData("relu2")]
    [InlineData("leaky_relu")]
    [InlineData("silu")]
    [InlineData("mish")]
    [InlineData("sigmoid")]
    [InlineData("tanh")]
    [InlineData("linear")]
    public void Every_activation_equals_the_networks(string activation)
    {
        using var tiny = new TinyModel("tiny_classifier", ("hidden_act", activation));
        using OnnxEngine engine = tiny.Engine(OnnxPrecision.Float32);
        Equal(tiny.Torch.Logits(tiny.Rows()), engine.Logits(tiny.Rows()), Tolerance);
    }

    [Theory]
    [InlineData("num_hidden_layers", 1)]
    [InlineData("pad_token_id", 5)]
    [InlineData("layer_norm_eps", 0.01)]
    public void What_the_configuration_says_is_in_the_graph(string key, object value)
    {
        using var tiny = new TinyModel("tiny_classifier", (key, value));
        using OnnxEngine engine = tiny.Engine(OnnxPrecision.Float32);
        Equal(tiny.Torch.Logits(tiny.Rows()), engine.Logits(tiny.Rows()), Tolerance);
    }

    [Theory]
    [InlineData("tiny_classifier")]
    [InlineData("tiny_classifier_3")]
    public void Logits_in_int8_are_near_the_networks(string name)
    {
        using var tiny = new TinyModel(name);
        using OnnxEngine engine = tiny.Engine(OnnxPrecision.Int8);
        float[] exact = tiny.Torch.Logits(tiny.Rows());
        Equal(exact, engine.Logits(tiny.Rows()), 0.1f * (exact.Max() - exact.Min()));
    }

    [Fact]
    public void Many_threads_at_once_get_the_same_logits()
    {
        using var tiny = new TinyModel("tiny_classifier");
        using OnnxEngine engine = tiny.Engine(OnnxPrecision.Float32);
        IReadOnlyList<TokenRow> rows = tiny.Rows();
        float[][] alone = [.. rows.Select(row => engine.Logits([row]))];
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            Equal(alone[i % rows.Count], engine.Logits([rows[i % rows.Count]]), 1e-5f));
    }

    private static void Equal(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance,
                $"number {i} of {expected.Length}: expected {expected[i]}, actual {actual[i]}, tolerance {tolerance}");
    }
}
