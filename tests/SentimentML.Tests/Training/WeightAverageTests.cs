using SentimentML.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Tests.Training;

/// <summary>The moving average of the weights: its formula, what it leaves, and a resumed run.</summary>
public sealed class WeightAverageTests : IDisposable
{
    private static readonly TrainingRecipe Recipe = TinyRun.Recipe with { WeightAverageDecay = 0.9 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_follows_the_weights_by_its_decay_and_faster_in_the_first_steps()
    {
        using var parameter = new Parameter(tensor([1f, -2f]));
        using var average = new WeightAverage([("w", parameter)], 0.5);
        double expected = 1;
        for (int step = 1; step <= 12; step++)
        {
            using (no_grad())
                parameter.copy_(tensor([(float)step, 0f]));
            average.Update(step);
            double decay = Math.Min(0.5, (1.0 + step) / (10.0 + step));
            expected = decay * expected + (1 - decay) * step;
            Assert.Equal(expected, average.Averages[0].Tensor[0].item<float>(), 1e-5);
        }
        average.Exchange();
        Assert.Equal(expected, parameter[0].item<float>(), 1e-5);
        Assert.Equal(12, average.Averages[0].Tensor[0].item<float>());
    }

    [Fact]
    public void The_steps_are_those_of_a_run_without_it_and_the_weights_left_are_the_average()
    {
        TinyRun plain = new(), averaged = new();
        float[] last = plain.Fit(TinyRun.Recipe);
        float[] mean = averaged.Fit(Recipe);
        Assert.Equal(plain.Steps.Select(step => step.Loss), averaged.Steps.Select(step => step.Loss));
        Assert.NotEqual(last, mean);
    }

    [Fact]
    public void A_resumed_run_ends_bit_for_bit_as_one_that_was_never_stopped()
    {
        Example[] validation = TinyRun.Rows(30, 2);
        var whole = new TinyRun();
        float[] expected = whole.Fit(Recipe, validation: validation);
        using var stop = new CancellationTokenSource();
        var settings = new RunSettings { Checkpoints = new CheckpointPlan(_folder.Path, 1, null, 2, Resume: true) };
        var stopped = new TinyRun { AfterStep = step => { if (step == 6) stop.Cancel(); } };
        Assert.ThrowsAny<OperationCanceledException>(() => stopped.Fit(Recipe, settings, validation: validation, token: stop.Token));
        var resumed = new TinyRun();
        Assert.Equal(expected, resumed.Fit(Recipe, settings, validation: validation));
        Assert.True(resumed.Steps.Count < whole.Steps.Count, $"{resumed.Steps.Count} steps were taken after resuming");
        Assert.Equal(whole.History!.Evaluations, resumed.History!.Evaluations);
    }
}
