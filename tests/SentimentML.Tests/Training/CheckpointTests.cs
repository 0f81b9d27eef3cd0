using SentimentML.Training;

namespace SentimentML.Tests.Training;

/// <summary>Checkpoints: a run that goes on from one ends as if it had never been stopped.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly TrainingRecipe Recipe = TinyRun.Recipe with { EvaluationSteps = 5 };
    private readonly TemporaryFolder _folder = new();

    private static Example[] Validation { get; } = TinyRun.Rows(30, 2);

    public void Dispose()
    {
        Directory.CreateDirectory(_folder.Path);
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_stopped_after_any_step_ends_bit_for_bit_as_if_never_stopped(bool bfloat16)
    {
        TrainingRecipe recipe = Recipe with { Precision = bfloat16 ? TrainingPrecision.BFloat16 : TrainingPrecision.Float32 };
        var whole = new TinyRun();
        float[] expected = whole.Fit(recipe, validation: Validation);
        for (int stop = 1; stop <= whole.Steps.Count; stop += 3)
        {
            Stop(recipe, stop);
            var resumed = new TinyRun();
            Assert.Equal(expected, resumed.Fit(recipe, Plan(resume: true), validation: Validation));
            Assert.Equal(whole.Steps.Count, resumed.Steps.Count + stop - 1); // the stopped step's checkpoint is the one before
            Assert.Equal(whole.History!.Evaluations, resumed.History!.Evaluations);
            Assert.Equal(whole.Steps.Select(s => s.Loss), resumed.History.Steps.Select(s => s.Loss));
            Directory.Delete(_folder.Path, recursive: true);
        }
    }

    [Fact]
    public void A_run_without_clipping_can_be_resumed()
    {
        TrainingRecipe recipe = Recipe with { MaxGradientNorm = double.PositiveInfinity };
        float[] expected = new TinyRun().Fit(recipe, validation: Validation);
        Stop(recipe, 6);
        Assert.Equal(expected, new TinyRun().Fit(recipe, Plan(resume: true), validation: Validation));
    }

    [Fact]
    public void The_last_ones_are_kept_and_nothing_else_lies_about()
    {
        new TinyRun().Fit(Recipe, Plan(keep: 3));
        Assert.Equal(["checkpoint-0014-step-14", "checkpoint-0015-step-15", "checkpoint-0016-step-16"], Names());
        Assert.Equal(["SHA256SUMS", "state.safetensors", "training.json"],
            Directory.GetFiles(Path.Combine(_folder.Path, Names()[0])).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("state.safetensors")]
    [InlineData("training.json")]
    [InlineData("SHA256SUMS")]
    public void A_damaged_newest_one_is_passed_over_with_a_warning(string file)
    {
        float[] expected = new TinyRun().Fit(Recipe, Plan());
        string newest = Path.Combine(_folder.Path, Names()[^1]);
        byte[] bytes = File.ReadAllBytes(Path.Combine(newest, file));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(newest, file), bytes);
        var run = new TinyRun();
        Assert.Equal(expected, run.Fit(Recipe, Plan(resume: true)));
        Assert.Contains(run.Warnings, warning =>
            warning.Contains(newest, StringComparison.Ordinal) && warning.Contains("passed over", StringComparison.Ordinal));
        Assert.Single(run.Steps);
    }

    [Fact]
    public void A_cut_off_one_and_an_unfinished_one_are_no_checkpoints()
    {
        float[] expected = new TinyRun().Fit(Recipe, Plan());
        string newest = Path.Combine(_folder.Path, Names()[^1]);
        File.Delete(Path.Combine(newest, "SHA256SUMS"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, ".unfinished-checkpoint-0099-step-99"));
        var run = new TinyRun();
        Assert.Equal(expected, run.Fit(Recipe, Plan(resume: true)));
        Assert.Empty(Directory.GetDirectories(_folder.Path, ".unfinished*"));
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused_with_what_differs()
    {
        new TinyRun().Fit(Recipe, Plan());
        string Message(TrainingRecipe recipe, Example[]? train = null, Example[]? validation = null) =>
            Assert.Throws<SentimentMLException>(() => new TinyRun().Fit(recipe, Plan(resume: true), train, validation)).Message;
        Assert.Contains("the recipe", Message(Recipe with { LearningRate = 1e-3 }), StringComparison.Ordinal);
        Assert.Contains("the training rows", Message(Recipe, train: TinyRun.Rows(60, 3)), StringComparison.Ordinal);
        Assert.Contains("the validation rows", Message(Recipe, validation: Validation), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_resume_the_run_starts_from_the_beginning_and_says_that_it_replaces_the_old_ones()
    {
        float[] expected = new TinyRun().Fit(Recipe, Plan());
        var again = new TinyRun();
        Assert.Equal(expected, again.Fit(Recipe, Plan()));
        Assert.Equal(16, again.Steps.Count);
        Assert.Contains("starts from the beginning", Assert.Single(again.Warnings), StringComparison.Ordinal);
        Assert.Equal(["checkpoint-0031-step-15", "checkpoint-0032-step-16"], Names());
    }

    [Fact]
    public void Resuming_in_an_empty_folder_starts_from_the_beginning()
    {
        var run = new TinyRun();
        Assert.Equal(new TinyRun().Fit(Recipe), run.Fit(Recipe, Plan(resume: true)));
        Assert.Contains(run.Notes, note => note.Contains("starts from the beginning", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_runs_do_not_write_into_one_folder()
    {
        string? message = null;
        new TinyRun
        {
            AfterStep = step =>
            {
                if (step == 2)
                    message = Assert.Throws<SentimentMLException>(() => new TinyRun().Fit(Recipe, Plan())).Message;
            },
        }.Fit(Recipe with { Epochs = 1 }, Plan());
        Assert.Contains("no other training", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_rule_there_is_one_after_each_epoch()
    {
        new TinyRun().Fit(Recipe, new RunSettings { Checkpoints = new CheckpointPlan(_folder.Path, null, null, 5, false) });
        Assert.Equal(["checkpoint-0001-step-8", "checkpoint-0002-step-16"], Names());
    }

    [Fact]
    public void Time_is_a_rule_too()
    {
        new TinyRun().Fit(Recipe, new RunSettings { Checkpoints = new CheckpointPlan(_folder.Path, null, TimeSpan.FromTicks(1), 100, false) });
        Assert.Equal(16, Names().Length);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_any_more_is_reported_and_the_training_continues()
    {
        float[] expected = new TinyRun().Fit(Recipe);
        // A file in the place of what the next checkpoint is written to: writing fails, for root too, as on a full disk.
        var run = new TinyRun { AfterStep = step => File.WriteAllText(Path.Combine(_folder.Path, $".unfinished-checkpoint-0001-step-{step}"), "") };
        Assert.Equal(expected, run.Fit(Recipe, Plan()));
        Assert.Equal(16, run.Warnings.Count);
        Assert.All(run.Warnings, warning => Assert.Contains("Training continues", warning, StringComparison.Ordinal));
    }

    private RunSettings Plan(bool resume = false, int keep = 2) => new() { Checkpoints = new CheckpointPlan(_folder.Path, 1, null, keep, resume) };

    private string[] Names() => [.. Directory.GetDirectories(_folder.Path).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private void Stop(TrainingRecipe recipe, int step)
    {
        var run = new TinyRun
        {
            AfterStep = at =>
            {
                if (at == step)
                    throw new StoppedException();
            },
        };
        Assert.Throws<StoppedException>(() => run.Fit(recipe, Plan(), validation: Validation));
    }

    private sealed class StoppedException : Exception;
}
