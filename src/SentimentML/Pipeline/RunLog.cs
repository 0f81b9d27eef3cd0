using System.Globalization;
using Microsoft.ML.Runtime;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Training;

namespace SentimentML.Pipeline;

/// <summary>What ML.NET's log says of a training before its first step.</summary>
internal static class RunLog
{
    public static void Loaded(this IChannel log, LoadReport report, int seed)
    {
        string[] drawn = [.. report.NewlyInitialized, .. report.Mismatched.Select(tensor => tensor.Name)];
        if (drawn.Length > 0)
            log.Info($"A new head, drawn from seed {seed}: {string.Join(", ", drawn)}");
        if (report.Unexpected.Count > 0)
            log.Info($"In the checkpoint and not used: {string.Join(", ", report.Unexpected)}");
    }

    public static void Read(this IChannel log, TrainingData train, TrainingData? validation, int maxTokens)
    {
        log.Info($"{train.Examples.Count} training rows, {Left(train, "without a label")}, {train.Cut} cut to {maxTokens} tokens");
        if (validation is not null)
            log.Info($"{validation.Examples.Count} validation rows, {Left(validation, "without a known label")}, {validation.Cut} cut to {maxTokens} tokens");
        if (train.Cut > 0)
            log.Warning($"{train.Cut} training rows are longer than {maxTokens} tokens: the rest of them is not seen.");
    }

    private static string Left(TrainingData data, string unlabeled) =>
        $"{data.Unlabeled} {unlabeled}{(data.WithoutText > 0 ? $" and {data.WithoutText} without a text" : "")} left out";

    public static void Chosen(this IChannel log, TrainingRecipe recipe, SentimentClassificationOptions options)
    {
        string Source(object? own) => own is null ? "the backbone's" : "as set";
        log.Info(string.Create(CultureInfo.InvariantCulture,
            $"Epochs {recipe.Epochs} ({Source(options.Epochs)}), learning rate {recipe.LearningRate} ({Source(options.LearningRate)}), warm-up {recipe.WarmupSteps} steps ({Source(options.WarmupSteps)}), "
            + $"batch {recipe.BatchSize}, seed {recipe.Seed}, {(recipe.BFloat16 ? "bfloat16" : "float32")}"));
        if (recipe.ClassWeights is { } weights)
            log.Info($"Class weights: {string.Join(", ", weights.Select(label => FormattableString.Invariant($"{label.Key} {label.Value:0.####}")))}");
    }
}
