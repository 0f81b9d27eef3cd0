using SentimentML.Encoders;
using TorchSharp;
using static TorchSharp.torch;
using Linear = SentimentML.Encoders.Linear;

namespace SentimentML.Tests.Encoders;

public sealed class LowRankAdapterTests
{
    [Theory]
    [InlineData(new long[] { 5, 6 })]
    [InlineData(new long[] { 2, 3, 6 })]
    public void What_is_added_to_the_product_is_what_merging_adds_to_the_matrix(long[] shape)
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(3, CPU);
        using var _ = no_grad();
        using var linear = new Linear(inputs: 6, outputs: 4);
        foreach (TorchSharp.Modules.Parameter parameter in linear.parameters())
            parameter.normal_(generator: random);
        using var adapter = new LowRankAdapter(linear, rank: 2, alpha: 3, random);
        adapter.B.normal_(generator: random);
        Tensor x = randn(shape, generator: random), beside = linear.forward(x);
        Assert.Equal(4, beside.shape[^1]);
        Assert.False(beside.allclose(x.matmul(linear.Weight.t()) + linear.Bias!));
        adapter.Merge();
        Assert.Null(linear.Adapter);
        Assert.True(beside.allclose(linear.forward(x), atol: 1e-5));
    }
}
