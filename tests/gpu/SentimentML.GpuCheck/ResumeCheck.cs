using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Training;
using static TorchSharp.torch;

namespace SentimentML.GpuCheck;

/// <summary>A training with dropout and a checkpoint each step, which tests/gpu/run kills and starts again.</summary>
internal static class ResumeCheck
{
    /// <summary>A GPU adds up in another order each time.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>Trains, resuming if there is a checkpoint, and leaves the weights in the folder.</summary>
    public static JsonObject Train(CheckSettings settings)
    {
        Device device = settings.Device;
        using SequenceClassifier network = GoldenCheck.Tiny(settings, device);
        foreach (Dropout dropout in network.modules().OfType<Dropout>())
            dropout.Probability = 0.1;
        TrainingRecipe recipe = RecipeCheck.Recipe with { LearningRate = 1e-3, BatchSize = 4, Epochs = 1, Precision = TrainingPrecision.Float32 };
        Example[] rows = ReviewRows.TinyExamples(settings.Sized(320, 120), seed: 6);
        var recorder = new StepRecorder();
        var plan = new CheckpointPlan(Path.Combine(settings.Folder, "checkpoints"), 1, null, 2, Resume: true);
        TrainingHistory history = new TrainingLoop(
            new ClassificationTask(network, rows, null, device), recipe, device, recorder, new RunSettings { Checkpoints = plan }).Run(CancellationToken.None);
        using var _ = no_grad();
        float[] weights = [.. network.parameters().SelectMany(parameter => parameter.cpu().data<float>().ToArray())];
        File.WriteAllBytes(Path.Combine(settings.Folder, "weights"), MemoryMarshal.AsBytes<float>(weights).ToArray());
        return new JsonObject { ["passed"] = true, ["steps"] = history.Steps.Count,
            ["resumed"] = recorder.Messages.FirstOrDefault(message => message.StartsWith("Resumed", StringComparison.Ordinal)) is not null };
    }

    /// <summary>Compares the weights of two trainings.</summary>
    public static JsonObject Compare(CheckSettings settings)
    {
        float[] Weights(string folder) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "weights"))).ToArray();
        float[] expected = Weights(settings.Folder), actual = Weights(settings.Options["other"]);
        double largest = expected.Length == actual.Length
            ? expected.Zip(actual).Max(pair => Math.Abs((double)pair.First - pair.Second))
            : double.PositiveInfinity;
        return new JsonObject { ["passed"] = largest <= Tolerance, ["weights"] = expected.Length, ["largest_difference"] = largest,
            ["equal_bits"] = expected.AsSpan().SequenceEqual(actual), ["tolerance"] = Tolerance };
    }
}
