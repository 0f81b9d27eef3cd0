using System.Text.Json;
using SentimentML.Inference;
using SentimentML.Persistence;
using SentimentML.Tests.Infrastructure;
using SentimentML.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Explanations;

/// <summary>A backbone's pooled vectors.</summary>
public class TextEmbedderTests
{
    private static readonly string[] Texts = ["Muy bueno", "", "no", "Pésima calidad, se rompió a los dos días y no lo recomiendo", "Me encanta"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void First_vectors_equal_the_reference()
    {
        JsonElement golden = Goldens.Json("tiny_forward.json");
        JsonElement last = golden.GetProperty("hidden_states").EnumerateArray().Last();
        using TextEmbedder embedder = TextEmbedder.Load(Backbone.FromFolder(Shared.Golden("tiny_classifier")), TorchDevice.Cpu);
        float[][] vectors = embedder.Embed(golden.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!), TextPooling.First, Stop);
        double[][] expected = [.. last.EnumerateArray().Select(row => row.GetProperty("first").Doubles())];
        Goldens.Near("first tokens", expected, Doubles(vectors), 1e-4);
    }

    [Fact]
    public void The_mean_of_a_row_of_two_tokens_equals_the_reference()
    {
        JsonElement golden = Goldens.Json("tiny_forward.json");
        JsonElement last = golden.GetProperty("hidden_states").EnumerateArray().Last();
        string[] texts = [.. golden.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
        using TextEmbedder embedder = TextEmbedder.Load(Backbone.FromFolder(Shared.Golden("tiny_classifier")), TorchDevice.Cpu);
        float[][] vectors = embedder.Embed(texts, cancellationToken: Stop); // the empty text is padded to the longest in its batch
        int empty = Array.IndexOf(texts, "");
        double[] first = last[empty].GetProperty("first").Doubles(), end = last[empty].GetProperty("last").Doubles();
        Goldens.Near("mean of <s> and </s>", [.. first.Zip(end, (a, b) => (a + b) / 2)], Doubles(vectors)[empty], 1e-4);
    }

    [Fact]
    public void The_mean_is_over_the_rows_own_tokens()
    {
        SavedModel model = SavedModel.Open(Shared.Golden("tiny_classifier"));
        using SentimentML.Encoders.SequenceClassifier network = model.LoadNetwork(CPU, Stop);
        using TextEmbedder embedder = TextEmbedder.Load(Backbone.FromFolder(model.Location), TorchDevice.Cpu);
        float[][] together = embedder.Embed(Texts, cancellationToken: Stop);
        for (int i = 0; i < Texts.Length; i++)
        {
            using var _ = no_grad();
            using DisposeScope scope = NewDisposeScope();
            using var batch = SentimentML.Encoders.TokenBatch.Padded([model.Tokenizer.EncodeToIds(Texts[i])], network.Config, CPU);
            float[] expected = network.Encoder.forward(batch).mean([0, 1]).data<float>().ToArray();
            Goldens.Near($"'{Texts[i]}'", Doubles([expected])[0], Doubles(together)[i], 1e-5);
        }
    }

    [Fact]
    public void Vectors_keep_the_texts_order_over_many_batches()
    {
        using TextEmbedder embedder = TextEmbedder.Load(TinyTask.Backbone, TorchDevice.Cpu);
        string[] many = [.. Enumerable.Range(0, 300).Select(i => string.Concat(Enumerable.Repeat("bueno ", i * 7 % 41)) + i)];
        float[][] vectors = embedder.Embed(many, cancellationToken: Stop);
        Assert.All(vectors, vector => Assert.Equal(embedder.Dimensions, vector.Length));
        foreach (int i in (int[])[0, 1, 150, 299])
            Goldens.Near($"text {i}", Doubles(embedder.Embed([many[i]], cancellationToken: Stop))[0], Doubles(vectors)[i], 1e-5);
    }

    [Fact]
    public void No_tensor_stays_behind_and_wrong_calls_are_refused()
    {
        using TextEmbedder embedder = TextEmbedder.Load(TinyTask.Backbone, TorchDevice.Cpu);
        embedder.Embed(Texts, cancellationToken: Stop);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        embedder.Embed(Texts, cancellationToken: Stop);
        embedder.Embed(Texts, TextPooling.First, Stop);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Empty(embedder.Embed([], cancellationToken: Stop));
        Assert.Throws<ArgumentException>(() => embedder.Embed(["a", null!], cancellationToken: Stop));
        Assert.Throws<ArgumentOutOfRangeException>(() => embedder.Embed(Texts, (TextPooling)5, Stop));
        Assert.Throws<OperationCanceledException>(() => embedder.Embed(Texts, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static double[][] Doubles(float[][] vectors) => [.. vectors.Select(vector => vector.Select(x => (double)x).ToArray())];
}
