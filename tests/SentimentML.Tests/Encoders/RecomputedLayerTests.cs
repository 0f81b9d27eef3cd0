using SentimentML.Encoders;
using SentimentML.Tokenization;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Encoders;

/// <summary>Layers that are computed again for their gradients.</summary>
public sealed class RecomputedLayerTests : IDisposable
{
    private readonly DropoutSource _dropout = new(CPU);

    public static TheoryData<string> All => Families.Data;

    public void Dispose() => _dropout.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void Gradients_equal_the_reference_padded_and_packed(string family) => ReferenceGradients.CheckFamily(family, _dropout);

    [Fact]
    public void What_a_second_computation_throws_is_thrown_after_the_backward_pass()
    {
        using DisposeScope scope = NewDisposeScope();
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        network.Encoder.RecomputesWith = _dropout;
        Tensor Loss(out TokenBatch batch)
        {
            batch = TokenBatch.Padded([new TokenRow(new[] { 0, 7, 2 }), new TokenRow(new[] { 0, 7, 8, 2 })], network.Config, CPU);
            return network.forward(batch).sum();
        }

        Tensor loss = Loss(out TokenBatch gone);
        gone.Dispose();
        Assert.ThrowsAny<InvalidOperationException>(() => BackwardPass.Run(loss));

        BackwardPass.Run(Loss(out TokenBatch batch)); // the next one knows nothing of it
        batch.Dispose();
    }

    [Fact]
    public void Without_gradients_a_layer_is_computed_as_ever()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        TokenRow[] rows = [new(new[] { 0, 7, 8, 2 })];
        double[][] before = Goldens.Logits(network, rows);
        network.Encoder.RecomputesWith = _dropout;
        Assert.Equal(before, Goldens.Logits(network, rows));
    }
}
