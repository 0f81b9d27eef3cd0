using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.ML;
using SentimentML.Inference;
using static TorchSharp.torch;

namespace SentimentML.Tests.Inference;

/// <summary>SentimentClassifier with its options.</summary>
public class ClassifierLoadingTests
{
    private static readonly string[] Texts = ["Muy bueno, lo recomiendo", "", "Pésima calidad: se rompió el primer día", "Normal", new string('x', 5000)];

    [Theory]
    [InlineData(InferencePrecision.Auto, "float32")]
    [InlineData(InferencePrecision.Float32, "float32")]
    [InlineData(InferencePrecision.BFloat16, "bfloat16")]
    [InlineData(InferencePrecision.Int8, "int8")]
    public void The_engine_is_the_one_asked_for_and_says_so(InferencePrecision precision, string expected)
    {
        using SentimentClassifier classifier = Load(new() { Precision = precision });
        Assert.Contains(expected, classifier.Engine, StringComparison.Ordinal);
        Assert.All(Texts, text => Assert.Equal(1, classifier.Classify(text).Probabilities.Sum(), 5));
    }

    /// <summary>A tokenizer that puts no tokens around a text may find none in it.</summary>
    [Theory]
    [InlineData(InferencePrecision.Float32)]
    [InlineData(InferencePrecision.Int8)]
    public void A_text_without_tokens_has_an_answer_and_does_not_change_the_others(InferencePrecision precision)
    {
        using TemporaryFolder folder = new();
        foreach (string file in Directory.GetFiles(Shared.Golden("tiny_classifier")))
            folder.With(Path.GetFileName(file), File.ReadAllBytes(file));
        JsonNode tokenizer = JsonNode.Parse(folder.Read("tokenizer.json"))!;
        tokenizer["post_processor"] = null;
        folder.With("tokenizer.json", tokenizer.ToJsonString());
        using SentimentClassifier classifier = SentimentClassifier.Load(folder.Path, new() { Device = TorchDevice.Cpu, Precision = precision },
            TestContext.Current.CancellationToken);
        string[] texts = ["Muy bueno", "", "Pésima calidad"];
        Assert.Equal(texts.Select(text => classifier.Classify(text).Label), classifier.Classify(texts).Select(answer => answer.Label));
        Assert.Empty(classifier.Explain("", cancellationToken: TestContext.Current.CancellationToken).Words);
    }

    [Fact]
    public void Threads_together_get_what_a_lone_call_gets()
    {
        using SentimentClassifier classifier = Load(new());
        SentimentPrediction[] alone = [.. Texts.Select(classifier.Classify)];
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            SentimentPrediction expected = alone[i % Texts.Length], actual = classifier.Classify(Texts[i % Texts.Length]);
            Assert.Equal(expected.Label, actual.Label);
            Assert.Equal(expected.Probabilities[0], actual.Probabilities[0], 1e-5f);
        });
    }

    /// <summary>As in a web application under load: no answer may need another thread of the pool.</summary>
    [Fact]
    public async Task Callers_that_hold_every_thread_of_the_pool_are_answered()
    {
        using Process child = ChildTest.Start(nameof(Every_thread_of_the_pool_classifies));
        string output = await ChildTest.Output(child);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0 && output.Contains("succeeded: 1", StringComparison.Ordinal), $"exit code {child.ExitCode}\n{output}");
    }

    [Fact(Explicit = true)]
    public void Every_thread_of_the_pool_classifies()
    {
        using SentimentClassifier classifier = Load(new());
        int threads = Environment.ProcessorCount + 1; // one may be this test's
        Assert.True(ThreadPool.SetMinThreads(1, 1) && ThreadPool.SetMaxThreads(threads, threads));
        int texts = 0;
        var all = new Thread(() => Task.WaitAll([.. Enumerable.Range(0, 8 * threads).Select(_ => Task.Run(() =>
            Interlocked.Add(ref texts, classifier.Classify(Enumerable.Repeat("Muy bueno", 40)).Count())))])) { IsBackground = true };
        all.Start();
        Assert.True(all.Join(TimeSpan.FromMinutes(2)), $"{texts} texts were answered in two minutes, expected {8 * threads * 40}");
    }

    [Fact]
    public void Options_out_of_range_are_refused_where_they_are_set()
    {
        var options = new SentimentClassifierOptions();
        Assert.Throws<ArgumentOutOfRangeException>(() => options.Precision = (InferencePrecision)9);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.MaxGatherDelay = TimeSpan.FromSeconds(2));
        Assert.Throws<ArgumentNullException>(() => options.Device = null!);
    }

    [Fact]
    public void A_prediction_below_the_threshold_is_unsure_and_keeps_its_label()
    {
        using SentimentClassifier plain = Load(new());
        SentimentPrediction[] all = [.. Texts.Select(plain.Classify)];
        Assert.DoesNotContain(all, prediction => prediction.IsUnsure);
        double threshold = all.Average(prediction => prediction.Score);
        Assert.Contains(all, prediction => prediction.Score < threshold);

        using SentimentClassifier doubting = Load(new() { UnsureBelow = threshold });
        foreach ((SentimentPrediction before, SentimentPrediction after) in all.Zip(Texts.Select(doubting.Classify)))
        {
            Assert.Equal(before.Label, after.Label);
            Assert.Equal(before.Score < threshold, after.IsUnsure);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_threshold_of_doubt_is_a_score(double threshold) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SentimentClassifierOptions { UnsureBelow = threshold });

    [Theory]
    [InlineData(InferencePrecision.BFloat16)]
    [InlineData(InferencePrecision.Int8)]
    public void Auto_takes_faster_numbers_only_if_they_kept_the_labels_and_the_processor_computes_in_them(InferencePrecision precision)
    {
        LabelsKept Kept(double share) => precision == InferencePrecision.Int8 ? new LabelsKept { Int8 = share } : new LabelsKept { BFloat16 = share };
        InferencePrecision Auto(LabelsKept? kept) => PrecisionChoice.Resolve(InferencePrecision.Auto, null, kept, CPU);
        Assert.Equal(PrecisionChoice.IsFast(precision, CPU) ? precision : InferencePrecision.Float32, Auto(Kept(0.9993)));
        Assert.Equal(InferencePrecision.Float32, Auto(Kept(0.998)));
        Assert.Equal(InferencePrecision.Float32, Auto(null));
    }

    [Fact]
    public void What_the_caller_asks_for_comes_before_what_the_model_asks_for_and_that_before_what_was_measured()
    {
        var kept = new LabelsKept { Int8 = 1, BFloat16 = 1 };
        Assert.Equal(InferencePrecision.Int8, PrecisionChoice.Resolve(InferencePrecision.Int8, InferencePrecision.Float32, null, CPU));
        Assert.Equal(InferencePrecision.Float32, PrecisionChoice.Resolve(InferencePrecision.Auto, InferencePrecision.Float32, kept, CPU));
        Assert.Equal(PrecisionChoice.IsFast(InferencePrecision.BFloat16, CPU) ? InferencePrecision.BFloat16 : InferencePrecision.Float32,
            PrecisionChoice.Resolve(InferencePrecision.Auto, InferencePrecision.BFloat16, null, CPU));
    }

    /// <summary>Load itself never looks at the token: what throws is the reading of the weights.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Loading_a_folder_or_a_zip_is_cancelled_while_weights_are_read(bool zip)
    {
        var cancelled = new CancellationToken(canceled: true);
        using var folder = new TemporaryFolder();
        string path = Shared.Golden("tiny_classifier");
        if (zip)
        {
            MLContext ml = TinyTask.Context();
            ml.Model.Save(TinyTask.Pipeline(ml).Fit(TinyTask.View(ml)), TinyTask.View(ml).Schema, path = folder.At("model.zip"));
        }
        var options = new SentimentClassifierOptions { Device = TorchDevice.Cpu };
        Assert.Throws<OperationCanceledException>(() => SentimentClassifier.Load(path, options, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SentimentClassifier.LoadAsync(path, options, cancelled));
    }

    internal static SentimentClassifier Load(SentimentClassifierOptions options)
    {
        options.Device = TorchDevice.Cpu;
        return SentimentClassifier.Load(Shared.Golden("tiny_classifier"), options);
    }
}
