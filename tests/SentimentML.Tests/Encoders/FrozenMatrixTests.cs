using SentimentML.Encoders;
using SentimentML.Tests.Training;
using SentimentML.Torch;
using SentimentML.Training;
using TorchSharp;
using static TorchSharp.torch;
using Linear = SentimentML.Encoders.Linear;

namespace SentimentML.Tests.Encoders;

/// <summary>What computes the products of matrices that a training leaves as they are, against libtorch's own products.</summary>
public sealed class FrozenMatrixTests : IDisposable
{
    private const int Inputs = 48, Outputs = 80;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _random = new(7, CPU);

    public FrozenMatrixTests() =>
        Assert.SkipUnless(FrozenMatrix.Supports(ScalarType.BFloat16, CPU), "This processor has no kernels for it: trainings compute as libtorch does.");

    public void Dispose()
    {
        _random.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5, new long[] { 37, Inputs })]
    [InlineData(ScalarType.Float32, 1e-5, new long[] { 3, 7, Inputs })]
    [InlineData(ScalarType.BFloat16, 0.05, new long[] { 37, Inputs })]
    [InlineData(ScalarType.BFloat16, 0.05, new long[] { 3, 7, Inputs })]
    public void Product_and_gradient_are_libtorchs(ScalarType type, double tolerance, long[] shape)
    {
        using Linear linear = Drawn(hasBias: true);
        Tensor x = Normal(shape), direction = Normal([.. shape[..^1], Outputs]).to(type);
        linear.ComputeType = type;
        (Tensor Product, Tensor Gradient) Computed()
        {
            Tensor leaf = x.clone().requires_grad_();
            Tensor product = linear.forward(leaf);
            BackwardPass.Run((product * direction).sum());
            return (product.to(ScalarType.Float32), leaf.grad!.clone());
        }

        (Tensor expected, Tensor expectedGradient) = Computed();
        using var frozen = new FrozenMatrix(linear.Weight, linear.Bias, type);
        linear.Frozen = frozen;
        (Tensor actual, Tensor gradient) = Computed();
        Near(expected, actual, tolerance);
        Near(expectedGradient, gradient, tolerance);
    }

    [Fact]
    public void A_matrix_without_a_bias_adds_none()
    {
        using Linear linear = Drawn(hasBias: false);
        Tensor x = Normal([5, Inputs]), expected = linear.forward(x);
        using var frozen = new FrozenMatrix(linear.Weight, bias: null, ScalarType.Float32);
        Near(expected, frozen.Multiply(x), 1e-5);
    }

    [Fact]
    public void What_needs_no_gradient_leaves_no_graph()
    {
        using Linear linear = Drawn(hasBias: true);
        using var frozen = new FrozenMatrix(linear.Weight, linear.Bias, ScalarType.Float32);
        Assert.False(frozen.Multiply(Normal([5, Inputs])).requires_grad);
        Assert.True(frozen.Multiply(Normal([5, Inputs]).requires_grad_()).requires_grad);
    }

    [Theory]
    [InlineData(4, null, 3)]
    [InlineData(null, 1, 1)]
    [InlineData(null, null, 0)]
    public void A_training_freezes_the_layers_that_it_leaves_as_they_are_and_thaws_them(int? loraRank, int? frozenLayers, int layers)
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        LayerMatrix[] Frozen() => [.. network.Encoder.Layers.SelectMany(layer => layer.Matrices).Where(each => each.Matrix.Frozen is not null)];
        TrainingRecipe recipe = TinyRun.Recipe with { LoraRank = loraRank, FrozenLayers = frozenLayers };
        using (var trained = new TrainedParameters(network, recipe))
        {
            Assert.Equal(layers * network.Encoder.Layers[0].Matrices.Count, Frozen().Length);
            trained.Merge();
            Assert.Empty(Frozen()); // whose weights have changed
        }
        using (new TrainedParameters(network, recipe))
        {
        }
        Assert.Empty(Frozen());
    }

    private Linear Drawn(bool hasBias)
    {
        var linear = new Linear(Inputs, Outputs, hasBias);
        using (no_grad())
            foreach (TorchSharp.Modules.Parameter parameter in linear.parameters())
                parameter.copy_(Normal(parameter.shape));
        return linear;
    }

    private Tensor Normal(long[] shape) => randn(shape, generator: _random);

    private static void Near(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        double scale = expected.abs().max().ToDouble();
        Assert.True((expected - actual).abs().max().ToDouble() <= tolerance * scale, $"expected\n{expected.str()}\nactual\n{actual.str()}");
    }
}
