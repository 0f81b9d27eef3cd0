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
}
