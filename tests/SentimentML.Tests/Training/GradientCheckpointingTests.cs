using System.Diagnostics;
using SentimentML.Encoders;
using SentimentML.Training;

namespace SentimentML.Tests.Training;

public class GradientCheckpointingTests
{
    private static readonly Dictionary<string, TrainingRecipe> s_recipes = new()
    {
        ["all weights"] = TinyRun.Recipe,
        ["bfloat16"] = TinyRun.Recipe with { Precision = TrainingPrecision.BFloat16 },
        ["accumulated"] = TinyRun.Recipe with { GradientAccumulation = 3 },
        ["frozen layers"] = TinyRun.Recipe with { FrozenLayers = 1 },
        ["LoRA"] = TinyRun.Recipe with { LoraRank = 2, LoraAlpha = 4, LoraTargets = LoraTargets.AllMatrices },
        ["LoRA, batches divided among threads"] = TinyRun.Recipe with { LoraRank = 2, LoraAlpha = 4, BatchSize = 30 },
    };

    public static TheoryData<string> Recipes => [.. s_recipes.Keys];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_weights_are_those_of_a_run_that_keeps_all_bit_for_bit(string name)
    {
        foreach (bool padded in new[] { false, true })
        {
            var kept = new TinyRun { PadsBatches = padded };
            var recomputed = new TinyRun { PadsBatches = padded };
            float[] expected = kept.Fit(s_recipes[name]), actual = recomputed.Fit(s_recipes[name], new RunSettings { GradientCheckpointing = true });
            Assert.Equal(kept.Steps.Select(step => (step.Loss, step.GradientNorm)), recomputed.Steps.Select(step => (step.Loss, step.GradientNorm)));
            Assert.Equal(expected, actual);
        }
    }

    /// <summary>In a process of its own: one that has run tests gives back what they left while it is measured.</summary>
    [Fact]
    public async Task Layers_that_are_computed_again_take_a_fraction_of_the_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using Process child = ChildTest.Start(nameof(Of_a_fresh_process_layers_take_a_fraction_of_the_memory));
        string output = await ChildTest.Output(child);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0 && output.Contains("succeeded: 1", StringComparison.Ordinal), output);
    }

    [Fact(Explicit = true)]
    public void Of_a_fresh_process_layers_take_a_fraction_of_the_memory()
    {
        double Peak(bool checkpointing, int rows)
        {
            using SequenceClassifier network = FormulaWeights.Network(
                FormulaWeights.BaseConfig with { VocabularySize = 2000, HiddenSize = 64, Heads = 1, IntermediateSize = 256, Layers = 24 });
            ResidentMemory.ForgetPeak();
            new TinyRun().Fit(
                network, TinyRun.Recipe with { Epochs = 1, BatchSize = rows }, new() { GradientCheckpointing = checkpointing }, TinyRun.Rows(rows));
            return ResidentMemory.Peak;
        }

        Peak(true, 8);
        double few = Peak(true, 8), recomputed = Peak(true, 400) - few, kept = Peak(false, 400) - few;
        Assert.True(recomputed < kept / 2, $"{recomputed:0} MB where layers are computed again, {kept:0} MB where they are kept");
    }
}
