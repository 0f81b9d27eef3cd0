using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Torch;

public class BackwardPassTests
{
    [Fact]
    public void Gradients_are_for_the_caller_and_not_added_to_the_parameters()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = tensor(new[] { 1f, 2f }, requires_grad: true), bias = tensor(new[] { 3f }, requires_grad: true);
        Tensor[] gradients = BackwardPass.Gradients((weight * weight + bias).sum(), [weight, bias]);
        Assert.Equal([2f, 4f], gradients[0].data<float>().ToArray());
        Assert.Equal([2f], gradients[1].data<float>().ToArray());
        Assert.Null(weight.grad);
    }

    /// <summary>TorchSharp's own autograd.grad ends the process.</summary>
    [Fact]
    public void What_libtorch_throws_while_it_computes_them_reaches_the_caller()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = ones(2, requires_grad: true), twice = weight * 2;
        Tensor loss = (twice * twice).sum();
        using (no_grad())
            twice.add_(1); // the saved factor is not what it was
        Exception thrown = Assert.ThrowsAny<Exception>(() => BackwardPass.Gradients(loss, [weight]));
        Assert.Contains("modified by an inplace operation", thrown.Message, StringComparison.Ordinal);
    }
}
