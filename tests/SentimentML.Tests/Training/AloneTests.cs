using SentimentML.Encoders;
using static TorchSharp.torch;

namespace SentimentML.Tests.Training;

/// <summary>What can only be seen while no other test uses libtorch.</summary>
[Collection(Name)]
public class AloneTests
{
    public const string Name = "alone";

    [Theory]
    [InlineData(false, 4, false)]
    [InlineData(true, 4, false)]
    [InlineData(true, 30, false)] // divided among threads
    [InlineData(true, 4, true)]
    public void Steps_and_evaluations_leave_no_tensors_behind(bool bfloat16, int batchSize, bool checkpointing)
    {
        using SequenceClassifier network = TinyRun.Network();
        var counts = new List<long>();
        var run = new TinyRun { AfterStep = _ => counts.Add(Tensor.TotalCount) };
        long before = Tensor.TotalCount;
        run.Fit(network, TinyRun.Recipe with { Precision = bfloat16 ? TrainingPrecision.BFloat16 : TrainingPrecision.Float32, EvaluationSteps = 3,
            GradientAccumulation = 2, BatchSize = batchSize, Epochs = 3 * batchSize / 4 }, new() { GradientCheckpointing = checkpointing },
            validation: TinyRun.Rows(80, 2));
        long after = Tensor.TotalCount;
        Assert.True(counts[^1] <= counts[8], $"tensors after each step: {string.Join(" ", counts)}");
        Assert.True(after <= before, $"{before} tensors before the run, {after} after");
    }

    [Fact]
    public void Nobody_elses_random_numbers_are_spent()
    {
        float[] Draw()
        {
            using Tensor drawn = rand(4);
            return drawn.data<float>().ToArray();
        }

        using Tensor state = get_rng_state();
        float[] undisturbed = Draw();
        set_rng_state(state);
        new TinyRun().Fit();
        Assert.Equal(undisturbed, Draw());
    }
}

[CollectionDefinition(AloneTests.Name, DisableParallelization = true)]
public class RunsAlone;
