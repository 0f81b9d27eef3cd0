using SentimentML.Encoders;
using SentimentML.Training;
using static TorchSharp.torch;

namespace SentimentML.Tests.Training;

/// <summary>Mixed precision: bfloat16 inside, float32 outside.</summary>
public class PrecisionTests
{
    private static readonly TrainingRecipe BFloat16 = TinyRun.Recipe with { Precision = TrainingPrecision.BFloat16 };

    [Fact]
    public void Bfloat16_learns_what_float32_learns()
    {
        TinyRun exact = new(), mixed = new();
        exact.Fit(dropout: 0);
        mixed.Fit(BFloat16, dropout: 0);
        Assert.NotEqual(exact.Steps.Select(s => s.Loss), mixed.Steps.Select(s => s.Loss));
        foreach ((TrainingStep e, TrainingStep m) in exact.Steps.Zip(mixed.Steps))
            Assert.True(Math.Abs(e.Loss - m.Loss) < 0.05, $"step {e.Step}: loss {e.Loss} in float32, {m.Loss} in bfloat16");
    }

    [Fact]
    public void Weights_gradients_and_the_trained_network_are_float32()
    {
        using SequenceClassifier network = TinyRun.Network(0);
        new TinyRun().Fit(network, BFloat16 with { Epochs = 1 });
        Assert.All(network.parameters(), p => Assert.Equal(ScalarType.Float32, p.dtype));
        Assert.All(network.modules().OfType<IMixedPrecision>(), part => Assert.Null(part.ComputeType));
    }

    [Fact]
    public void Small_steps_are_not_lost_in_bfloat16()
    {
        // A step of 1e-7 is far below bfloat16's resolution of these weights: only float32 master weights feel it.
        using SequenceClassifier network = TinyRun.Network(0);
        float[] before = TinyRun.Weights(network);
        new TinyRun().Fit(network, BFloat16 with { LearningRate = 1e-7, WeightDecay = 0, Epochs = 1, WarmupSteps = 0 });
        float[] after = TinyRun.Weights(network);
        int moved = before.Zip(after).Count(pair => pair.First != pair.Second);
        Assert.True(moved > before.Length / 20, $"{moved} of {before.Length} weights moved");
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_in_a_second_run_of_the_process()
    {
        float[] first = new TinyRun().Fit(BFloat16);
        Assert.Equal(first, new TinyRun().Fit(BFloat16));
        Assert.NotEqual(first, new TinyRun().Fit(BFloat16 with { Seed = 6 }));
    }
}
