using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Training;
using static TorchSharp.torch;

namespace SentimentML.GpuCheck;

/// <summary>A training's losses and norms, step by step, against the CPU's and against transformers' (golden/tiny_training.json).</summary>
internal static class TrajectoryCheck
{
    /// <summary>Of each step's figures; sums in another order grow apart from step to step.</summary>
    private const double Tolerance = 1e-3;

    public static JsonObject Run(CheckSettings settings)
    {
        TrainingRecipe recipe = RecipeCheck.Recipe with { LearningRate = 2e-3, Precision = TrainingPrecision.Float32, Shuffle = false, GroupByLength = false };
        Example[] rows = ReviewRows.TinyExamples(settings.Sized(160, 48), seed: 4);
        List<TrainingStep> onDevice = Steps(settings, recipe, rows, settings.Device), onProcessor = Steps(settings, recipe, rows, CPU);
        double toProcessor = Largest(onProcessor.Select(step => (step.Loss, step.GradientNorm)), onDevice);
        double toReference = 0;
        var result = new JsonObject { ["steps"] = onDevice.Count, ["to_cpu"] = toProcessor };
        if (settings.Golden("tiny_training.json") is { } path)
        {
            using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(path));
            JsonElement root = golden.RootElement;
            Example[] train = [.. root.GetProperty("rows").EnumerateArray().Select(row => new Example(
                row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray(), row.GetProperty("label").GetInt32()))];
            toReference = Largest(
                root.GetProperty("steps").EnumerateArray().Where(step => step.TryGetProperty("loss", out _))
                    .Select(step => (step.GetProperty("loss").GetDouble(), step.GetProperty("grad_norm").GetDouble())),
                Steps(settings, recipe with { Epochs = root.GetProperty("epochs").GetInt32(), BatchSize = root.GetProperty("batch_size").GetInt32() }, train,
                    settings.Device));
            result["to_reference"] = toReference;
        }
        result["tolerance"] = Tolerance;
        result["passed"] = toProcessor <= Tolerance && toReference <= Tolerance;
        return result;
    }

    private static List<TrainingStep> Steps(CheckSettings settings, TrainingRecipe recipe, Example[] rows, Device device)
    {
        using SequenceClassifier network = GoldenCheck.Tiny(settings, device);
        var recorder = new StepRecorder();
        new TrainingLoop(new ClassificationTask(network, rows, null, device), recipe, device, recorder).Run(CancellationToken.None);
        return recorder.Steps;
    }

    private static double Largest(IEnumerable<(double Loss, double Norm)> expected, List<TrainingStep> actual)
    {
        (double Loss, double Norm)[] all = [.. expected];
        return all.Length != actual.Count ? double.PositiveInfinity
            : all.Zip(actual).Max(pair => Math.Max(Relative(pair.First.Loss, pair.Second.Loss), Relative(pair.First.Norm, pair.Second.GradientNorm)));
    }

    private static double Relative(double expected, double actual) => Math.Abs(expected - actual) / Math.Max(Math.Abs(expected), 1e-3);
}
