using SentimentML.Training;

namespace SentimentML.Tests.Training;

/// <summary>A step's loss and norm are read after the next step was begun, as on a GPU: nothing else may change.</summary>
public sealed class LateFigureTests : IDisposable
{
    private static readonly RunSettings Late = new() { ReadsLate = true };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_takes_the_same_steps()
    {
        TrainingRecipe recipe = TinyRun.Recipe with { EvaluationSteps = 3, GradientAccumulation = 2, WeightAverageDecay = 0.9 };
        TinyRun atOnce = new(), late = new();
        Assert.Equal(atOnce.Fit(recipe, validation: TinyRun.Rows(30, 2)), late.Fit(recipe, Late, validation: TinyRun.Rows(30, 2)));
        Assert.Equal(Figures(atOnce), Figures(late));
        Assert.Equal(atOnce.Evaluations, late.Evaluations);
    }

    [Fact]
    public void A_step_is_reported_while_the_next_one_is_taken_and_before_an_evaluation()
    {
        var reported = new List<string>();
        TinyRun run = null!;
        run = new TinyRun { AfterStep = step => reported.Add($"step {step} after {run.Evaluations.Count} evaluations") };
        run.Fit(TinyRun.Recipe with { Epochs = 1, EvaluationSteps = 4 }, Late, validation: TinyRun.Rows(30, 2));
        Assert.Equal([.. Enumerable.Range(1, 8).Select(step => $"step {step} after {(step <= 4 ? 1 : 2)} evaluations")], reported);
    }

    /// <summary>The rate makes the weights infinite in one step; the figures that show it come one step later.</summary>
    [Fact]
    public void A_run_that_diverges_says_at_which_step()
    {
        TrainingRecipe recipe = TinyRun.Recipe with { LearningRate = 1e38, WarmupSteps = 0 };
        TrainingDivergedException atOnce = Assert.Throws<TrainingDivergedException>(() => new TinyRun().Fit(recipe));
        TrainingDivergedException late = Assert.Throws<TrainingDivergedException>(() => new TinyRun().Fit(recipe, Late));
        Assert.Equal(atOnce.Message, late.Message);
    }

    [Fact]
    public void A_norm_that_is_not_finite_changes_no_weight()
    {
        using var network = TinyRun.Network(0);
        float[]? before = null;
        var run = new TinyRun
        {
            BeforeStart = trained =>
            {
                using var _ = TorchSharp.torch.no_grad();
                trained.Named.Single(p => p.Name == "classifier.out_proj.bias").Parameter.fill_(float.NaN);
                before = TinyRun.Weights(network);
            },
        };
        Assert.Throws<TrainingDivergedException>(() => run.Fit(network, settings: Late));
        Assert.Equal(before, TinyRun.Weights(network));
    }

    [Fact]
    public void A_checkpoint_has_every_step_that_was_taken()
    {
        TrainingRecipe recipe = TinyRun.Recipe with { Epochs = 1 };
        float[] expected = new TinyRun().Fit(recipe);
        RunSettings Settings(bool resume) => new() { ReadsLate = true, Checkpoints = new CheckpointPlan(_folder.At("checkpoints"), 3, null, 2, resume) };
        using var stop = new CancellationTokenSource();
        var first = new TinyRun { AfterStep = step => { if (step == 6) stop.Cancel(); } };
        Assert.ThrowsAny<OperationCanceledException>(() => first.Fit(recipe, Settings(resume: false), token: stop.Token));
        var second = new TinyRun();
        Assert.Equal(expected, second.Fit(recipe, Settings(resume: true)));
        Assert.Equal(Enumerable.Range(1, 8), second.History!.Steps.Select(step => step.Step));
    }

    private static IEnumerable<(int, double, double, double)> Figures(TinyRun run) =>
        run.Steps.Select(step => (step.Step, step.Loss, step.GradientNorm, step.LearningRate));
}
