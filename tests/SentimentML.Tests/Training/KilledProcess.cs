using System.Runtime.InteropServices;
using SentimentML.Training;

namespace SentimentML.Tests.Training;

/// <summary>What other processes do for <see cref="KillTests"/> and <see cref="OutOfMemoryTests"/>: they train, and may not survive it.</summary>
public sealed class KilledProcess
{
    internal const string FolderVariable = "SENTIMENTML_TEST_CHECKPOINTS";

    internal static TrainingRecipe Recipe { get; } = TinyRun.Recipe with { Epochs = 1, BatchSize = 4, EvaluationSteps = 25 };

    internal static float[] Train(RunSettings? settings) => new TinyRun().Fit(Recipe, settings, TinyRun.Rows(320), TinyRun.Rows(30, 2));

    [Fact(Explicit = true)]
    public void Goes_on_from_the_last_checkpoint()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        float[] weights = Train(new RunSettings { Checkpoints = new CheckpointPlan(Path.Combine(folder, "checkpoints"), 1, null, 2, Resume: true) });
        File.WriteAllBytes(Path.Combine(folder, "weights.tmp"), MemoryMarshal.AsBytes<float>(weights));
        File.Move(Path.Combine(folder, "weights.tmp"), Path.Combine(folder, "weights"));
    }
}
