using System.Diagnostics;
using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.GpuCheck;

/// <summary>The notebook's recipe at roberta-base's shape: 2,000 rows, 2 epochs, and 4,000 validation rows three times. A T4 took 447.85 s.</summary>
internal static class RecipeCheck
{
    public static TrainingRecipe Recipe { get; } = new()
    {
        Epochs = 2,
        BatchSize = 16,
        LearningRate = 2e-5,
        WeightDecay = 0.01,
        WarmupSteps = 0,
        GradientAccumulation = 1,
        MaxGradientNorm = 1,
        LabelSmoothing = 0,
        Shuffle = true,
        GroupByLength = true,
        Seed = 42,
        Precision = TrainingPrecision.BFloat16,
    };

    public static Example[] Train(CheckSettings settings) => ReviewRows.Examples(settings.Sized(2000, 32), seed: 1);

    public static Example[] Validation(CheckSettings settings) => ReviewRows.Examples(settings.Sized(4000, 48), seed: 2);

    public static JsonObject Run(CheckSettings settings)
    {
        Device device = settings.Device;
        Example[] train = Train(settings), validation = Validation(settings);
        using SequenceClassifier network = GoldenCheck.Base(settings);
        network.to(device);
        Run(network, train[..32], null, device); // what is loaded and chosen at first use
        long started = Stopwatch.GetTimestamp();
        StepRecorder recorder = Run(network, train, validation, device);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, inSteps = recorder.Steps.Sum(step => step.Took.TotalSeconds);
        double tokens = Recipe.Epochs * train.Sum(row => (double)row.Tokens.Length),
            scored = recorder.Evaluations * validation.Sum(row => (double)row.Tokens.Length);
        double peak = DeviceCheck.MatrixProducts(device, ScalarType.BFloat16, settings.IsDry);
        long matrices = MatrixWeights(network);
        return new JsonObject
        {
            ["passed"] = recorder.Evaluations == Recipe.Epochs + 1 && recorder.Steps.All(step => double.IsFinite(step.Loss)),
            ["seconds"] = Math.Round(seconds, 3),
            ["seconds_in_steps"] = Math.Round(inSteps, 3),
            ["seconds_evaluating"] = Math.Round(recorder.Evaluating.TotalSeconds, 3),
            ["training_rows_per_second"] = Math.Round(Recipe.Epochs * train.Length / inSteps, 1),
            ["share_of_peak_training"] = Math.Round(6 * matrices * tokens / inSteps / peak, 4), // forward and backward, linear layers alone
            ["share_of_peak_evaluating"] = Math.Round(2 * matrices * scored / recorder.Evaluating.TotalSeconds / peak, 4),
        };
    }

    /// <summary>The weights of an encoder's matrices, each of which multiplies every token.</summary>
    public static long MatrixWeights(SequenceClassifier network) =>
        network.Encoder.Layers.Sum(layer => layer.Matrices.Sum(matrix => matrix.Matrix.Weight.numel()));

    private static StepRecorder Run(SequenceClassifier network, Example[] train, Example[]? validation, Device device)
    {
        var recorder = new StepRecorder();
        new TrainingLoop(new ClassificationTask(network, train, validation, device), Recipe, device, recorder).Run(CancellationToken.None);
        return recorder;
    }
}
