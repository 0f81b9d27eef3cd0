using System.Runtime.CompilerServices;
using Microsoft.ML;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML.Tests.Inference;

/// <summary>The count of tensors is the process's, so that nothing else may run meanwhile.</summary>
[Collection(nameof(Alone))]
public class TensorCountTests
{
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public class Alone;

    [Theory]
    [InlineData(InferencePrecision.Float32)]
    [InlineData(InferencePrecision.Int8)]
    public void No_answer_leaves_a_tensor_behind(InferencePrecision precision)
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        using EncoderEngine engine = EncoderEngineTests.Engine(network, precision);
        TokenRow[] rows = EncoderEngineTests.Rows(network.Config, 3, 9, 9, 100);
        engine.Logits(rows);
        Collect();
        long before = Tensor.TotalCount;
        for (int i = 0; i < 20; i++)
            engine.Logits(rows);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_disposed_classifier_gives_its_tensors_back()
    {
        long left = LeftBy(() => ClassifierLoadingTests.Load(new()).Dispose());
        Assert.Equal(CountedForever(), left);
    }

    [Fact]
    public void A_loaded_classifier_holds_the_weights_once()
    {
        SentimentClassifier? classifier = null;
        long held = LeftBy(() => classifier = ClassifierLoadingTests.Load(new()));
        Assert.Equal(CountedForever(), held); // none of them the network's: what is left is the script's, outside the count
        classifier!.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_engine_gives_its_weights_back_when_it_is_disposed_and_when_it_is_dropped(bool disposed)
    {
        const int engines = 24;
        using SequenceClassifier network = new(Goldens.Classifier("tiny_classifier").Config with { HiddenSize = 512, Heads = 8, IntermediateSize = 2048 });
        long bytes = network.parameters().Sum(parameter => parameter.numel() * sizeof(float));
        long before = 0;
        for (int i = 0; i < engines; i++)
        {
            MakeAndForget(network, disposed);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (i == engines / 3) // what the first ones take for good: compiled code, the allocator's own
                before = Environment.WorkingSet;
        }
        long grown = Environment.WorkingSet - before;
        Assert.True(grown < 4 * bytes, $"{engines * 2 / 3} engines of {bytes >> 20} MiB left {grown >> 20} MiB behind");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeAndForget(SequenceClassifier network, bool disposed)
    {
        EncoderEngine engine = EncoderEngineTests.Engine(network, InferencePrecision.Float32);
        engine.Logits(EncoderEngineTests.Rows(network.Config, 3, 9));
        if (disposed)
            engine.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Models_of_a_cross_validation_are_freed_when_they_are_disposed_and_when_they_are_dropped(bool disposed)
    {
        CrossValidate(disposed); // what the first one takes for good
        long counted = CountedForever(
            Pretrained.ForLabels(ModelFiles.InFolder(Shared.Golden("tiny_mlm")), ["a", "b"], seed: 1, CPU, TestContext.Current.CancellationToken).Network);
        Assert.Equal(2 * counted, LeftBy(() =>
        {
            CrossValidate(disposed);
            Collect();
        }));
    }

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CrossValidate(bool disposed)
    {
        MLContext ml = TinyTask.Context();
        var folds = ml.MulticlassClassification.CrossValidate(TinyTask.View(ml), TinyTask.Pipeline(ml), numberOfFolds: 2);
        if (disposed)
            foreach (var fold in folds)
                ((IDisposable)fold.Model).Dispose();
    }

    /// <summary>Some minutes: run with --explicit only.</summary>
    [Fact(Explicit = true)]
    public void A_hundred_thousand_predictions_from_16_threads_are_right_and_take_no_more_memory()
    {
        const int predictions = 100_000, texts = 200;
        using SentimentClassifier classifier = ClassifierLoadingTests.Load(new());
        string[] all = [.. Enumerable.Range(0, texts).Select(i => $"texto {i} {string.Concat(Enumerable.Repeat("muy bueno, ", i % 40))}")];
        SentimentPrediction[] alone = [.. all.Select(classifier.Classify)];
        int next = -1;
        long[] memory = new long[11];
        void Work()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < predictions;)
            {
                SentimentPrediction expected = alone[i % texts], actual = classifier.Classify(all[i % texts]);
                Assert.Equal(expected.Label, actual.Label);
                Assert.Equal(expected.Logits[0], actual.Logits[0], 1e-5f);
                if (i % (predictions / 10) == 0)
                    memory[i / (predictions / 10)] = Environment.WorkingSet >> 20;
            }
        }
        long tensors = LeftBy(() =>
            Task.WaitAll(Enumerable.Range(0, 16)
                .Select(_ => Task.Factory.StartNew(Work, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))
                .ToArray(), TestContext.Current.CancellationToken));
        memory[10] = Environment.WorkingSet >> 20;
        Assert.Equal(0, tensors);
        Assert.True(memory[10] < memory[1] * 1.1, $"resident memory after every 10,000: {string.Join(", ", memory)} MiB");
    }

    /// <summary>TorchSharp counts a Parameter once more than it takes back when it is disposed.</summary>
    private static long CountedForever() => CountedForever(Goldens.Classifier("tiny_classifier"));

    private static long CountedForever(SequenceClassifier like)
    {
        using SequenceClassifier network = like;
        return network.parameters().Count() * LeftBy(() => new TorchSharp.Modules.Parameter(empty(2)).Dispose());
    }

    private static long LeftBy(Action action)
    {
        Collect(); // what other tests dropped goes now and not while it is counted
        long before = Tensor.TotalCount;
        action();
        return Tensor.TotalCount - before;
    }
}
