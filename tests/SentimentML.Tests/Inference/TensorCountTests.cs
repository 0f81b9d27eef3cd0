using SentimentML.Inference;
using SentimentML.Roberta;
using SentimentML.Tests.Infrastructure;
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
        using RobertaForSequenceClassification network = Goldens.Classifier("tiny_classifier");
        using EncoderEngine engine = EncoderEngineTests.Engine(network, precision);
        ReadOnlyMemory<int>[] rows = EncoderEngineTests.Rows(network.Config, 3, 9, 9, 100);
        engine.Logits(rows);
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
        long tensors = LeftBy(() => Task.WaitAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(Work, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray(), TestContext.Current.CancellationToken));
        memory[10] = Environment.WorkingSet >> 20;
        Assert.Equal(0, tensors);
        Assert.True(memory[10] < memory[1] * 1.1, $"resident memory after every 10,000: {string.Join(", ", memory)} MiB");
    }

    /// <summary>TorchSharp counts a Parameter once more than it takes back when it is disposed.</summary>
    private static long CountedForever()
    {
        using RobertaForSequenceClassification network = Goldens.Classifier("tiny_classifier");
        return network.parameters().Count() * LeftBy(() => new TorchSharp.Modules.Parameter(empty(2)).Dispose());
    }

    private static long LeftBy(Action action)
    {
        long before = Tensor.TotalCount;
        action();
        return Tensor.TotalCount - before;
    }
}
