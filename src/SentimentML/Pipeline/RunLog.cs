using Microsoft.ML.Runtime;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Training;
using SentimentML.Wording;

namespace SentimentML.Pipeline;

/// <summary>What ML.NET's log says of a training before its first step.</summary>
internal static class RunLog
{
    public static void Loaded(this IChannel log, LoadReport report, int seed, ReportText text)
    {
        string[] drawn = [.. report.NewlyInitialized, .. report.Mismatched.Select(tensor => tensor.Name)];
        if (drawn.Length > 0)
            log.Info(text.Say($"Una cabeza nueva, sorteada con la semilla {seed}: {string.Join(", ", drawn)}",
                $"A new head, drawn from seed {seed}: {string.Join(", ", drawn)}"));
        if (report.Unexpected.Count > 0)
            log.Info($"{text.Say("En los pesos y sin usar", "In the checkpoint and not used")}: {string.Join(", ", report.Unexpected)}");
    }

    public static void Read(this IChannel log, TrainingData train, TrainingData? validation, int maxTokens, ReportText text)
    {
        log.Info(Rows(train, text.Say("filas para aprender", "training rows"), text.Say("sin etiqueta", "without a label"), maxTokens, text));
        if (validation is not null)
            log.Info(Rows(validation, text.Say("filas de validación", "validation rows"), text.Say("sin una etiqueta conocida", "without a known label"),
                maxTokens, text));
        if (train.Cut > 0)
            log.Warning(text.Say($"{train.Cut} filas para aprender tienen más de {maxTokens} tokens: el resto no se ve.",
                $"{train.Cut} training rows are longer than {maxTokens} tokens: the rest of them is not seen."));
    }

    private static string Rows(TrainingData data, string rows, string unlabeled, int maxTokens, ReportText text)
    {
        string without = data.WithoutText > 0
            ? text.Format($" y {data.WithoutText:N0} sin texto", $" and {data.WithoutText:N0} without a text") : "";
        string leftOut = $"{text.Count(data.Unlabeled)} {unlabeled}{without}";
        return text.Format(
            $"{data.Examples.Count:N0} {rows}, descartadas {leftOut}, {data.Cut:N0} cortadas a {maxTokens} tokens",
            $"{data.Examples.Count:N0} {rows}, {leftOut} left out, {data.Cut:N0} cut to {maxTokens} tokens");
    }

    public static void Chosen(this IChannel log, TrainingRecipe recipe, SentimentClassificationOptions options)
    {
        ReportText text = ReportText.Current;
        string Source(object? own) => own is null ? text.Say("valor de la red", "the backbone's") : text.Say("valor indicado", "as set");
        string numbers = recipe.BFloat16 ? "bfloat16" : "float32";
        string length = text.Format(
            $"Épocas {recipe.Epochs} ({Source(options.Epochs)}), tasa de aprendizaje {recipe.LearningRate:0.###e0} ({Source(options.LearningRate)})",
            $"Epochs {recipe.Epochs} ({Source(options.Epochs)}), learning rate {recipe.LearningRate:0.###e0} ({Source(options.LearningRate)})");
        if (recipe.LoraRank is { } rank)
            length += text.Format($", LoRA de rango {rank} ({Source(options.LoraRank)})", $", LoRA of rank {rank} ({Source(options.LoraRank)})");
        if (recipe.HiddenDropout is { } dropout)
            length += text.Format($", dropout {dropout} ({Source(options.HiddenDropout)})", $", dropout {dropout} ({Source(options.HiddenDropout)})");
        log.Info($"{length}, " + text.Format(
            $"pasos de calentamiento {recipe.WarmupSteps} ({Source(options.WarmupSteps)}), lote {recipe.BatchSize}, semilla {recipe.Seed}, {numbers}",
            $"warm-up {recipe.WarmupSteps} steps ({Source(options.WarmupSteps)}), batch {recipe.BatchSize}, seed {recipe.Seed}, {numbers}"));
        if (recipe.ClassWeights is { } weights)
            log.Info($"{text.Say("Pesos de las clases", "Class weights")}: "
                + $"{string.Join(", ", weights.Select(label => $"{label.Key} {text.Number(label.Value, "0.####")}"))}");
    }
}
