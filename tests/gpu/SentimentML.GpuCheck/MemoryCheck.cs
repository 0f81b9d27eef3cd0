using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Training;
using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.GpuCheck;

/// <summary>
/// A GPU's memory really runs out: a batch that does not fit goes through the network in pieces, with the same loss; and layers that are computed
/// again for their gradients have the same ones. OutOfMemoryTests and GradientCheckpointingTests do the same on a CPU.
/// </summary>
internal static class MemoryCheck
{
    private const int Count = 24_000;
    private const int Left = 512 << 20;

    public static JsonObject Run(CheckSettings settings)
    {
        Device device = settings.Device;
        Example[] rows = ReviewRows.TinyExamples(Count, seed: 8, maxLength: 40);
        TrainingRecipe oneStep =
            RecipeCheck.Recipe with { BatchSize = Count, Epochs = 1, Shuffle = false, GroupByLength = false, Precision = TrainingPrecision.Float32 };
        StepRecorder Step(Example[] of, bool halves, bool checkpointing = false)
        {
            using SequenceClassifier network = GoldenCheck.Tiny(settings, device);
            var recorder = new StepRecorder();
            new TrainingLoop(new ClassificationTask(network, of, null, device), oneStep, device, recorder,
                new RunSettings { HalveBatchWhenOutOfMemory = halves, GradientCheckpointing = checkpointing }).Run(CancellationToken.None);
            return recorder;
        }

        Step(rows[..64], halves: false); // all that is loaded at first use
        StepRecorder halved;
        bool refused;
        using (empty(Math.Max(1, CudaDriver.Installed!.FreeMemory(device.index) - Left), ScalarType.Byte, device))
        {
            refused = RunsOut(() => Step(rows, halves: false));
            halved = Step(rows, halves: true);
        }
        double expected = Step(rows, halves: true).Steps[0].Loss, actual = halved.Steps[0].Loss;
        TrainingStep kept = Step(rows[..64], halves: false).Steps[0], recomputed = Step(rows[..64], halves: false, checkpointing: true).Steps[0];
        return new JsonObject
        {
            ["passed"] = refused && halved.Messages.Count > 0 && Math.Abs(expected - actual) <= 1e-4
                && Math.Abs(kept.Loss - recomputed.Loss) <= 1e-4 && Math.Abs(kept.GradientNorm - recomputed.GradientNorm) <= 1e-4,
            ["gradient_norm"] = kept.GradientNorm,
            ["gradient_norm_of_layers_computed_again"] = recomputed.GradientNorm,
            ["refused_without_halving"] = refused,
            ["warning"] = halved.Messages.LastOrDefault(),
            ["loss"] = actual,
            ["loss_with_memory"] = expected,
        };
    }

    private static bool RunsOut(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (TrainingOutOfMemoryException)
        {
            return true;
        }
    }
}
