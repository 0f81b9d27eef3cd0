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
