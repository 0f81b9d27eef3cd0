using System.Globalization;
using Microsoft.ML;
using SentimentML.Evaluation;
using SentimentML.Inference;
using SentimentML.Tokenization;
using SentimentML.Tool.Data;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Training;

/// <summary>
/// Trains once for each fold, on all rows but the fold's, and measures on the fold's, which no choice was made by: a
/// validation file, where there is one, chooses the best epoch as it does for the final model. Each model is freed when it is measured.
/// </summary>
internal sealed class CrossValidation(MLContext ml, LabeledData data, int folds, SentimentClassificationOptions options)
{
    /// <exception cref="SentimentMLException">A label has fewer rows than there are folds.</exception>
    public IReadOnlyList<FoldResult> Run(Screen screen, TrainingLog log)
    {
        int[] labels = data.ReadLabels(options.CancellationToken);
        foreach (IGrouping<int, int> label in labels.GroupBy(label => label))
            if (label.Count() < folds)
                throw new SentimentMLException($"{data.Path}: the label '{data.Labels[label.Key]}' has {label.Count()} rows, fewer than --folds {folds}: each fold needs rows of every label. Take fewer folds, or leave that label out.");
        int[] foldOf = Folds.Deal(labels, folds, options.Seed!.Value);
        string? checkpoints = options.CheckpointFolder;
        var results = new List<FoldResult>();
        try
        {
            for (int fold = 0; fold < folds; fold++)
            {
                log.Fold = fold + 1;
                options.CheckpointFolder = checkpoints is null ? null : Path.Combine(checkpoints, string.Create(CultureInfo.InvariantCulture, $"fold-{fold + 1}-of-{folds}"));
                results.Add(Measured(fold + 1, Places(foldOf, place => place != fold), Places(foldOf, place => place == fold), screen));
            }
        }
        finally
        {
            options.CheckpointFolder = checkpoints;
            log.Fold = null;
        }
        return results;
    }

    private FoldResult Measured(int fold, IReadOnlySet<int> learned, IReadOnlySet<int> heldOut, Screen screen)
    {
        screen.Note(string.Create(CultureInfo.InvariantCulture, $"Fold {fold} of {folds}: {learned.Count:N0} rows to learn from, {heldOut.Count:N0} to measure on"));
        using SentimentClassificationTransformer model = ml.MulticlassClassification.Trainers.SentimentClassification(options).Fit(data.Only(learned).Rows);
        screen.Show($"Measuring fold {fold} of {folds}");
        (string Text, int Label)[] rows = [.. data.Only(heldOut).TextsWithLabels()];
        double[][] logits = [.. new ScoringPipeline(model.Model.Scorer, options.CancellationToken).Logits(rows.Select(row => new TextInput(row.Text)))
            .Select(row => Array.ConvertAll(row, logit => (double)logit))];
        var metrics = new ValidationMetrics(logits, [.. rows.Select(row => row.Label)], data.Labels.Count);
        screen.Note(string.Create(CultureInfo.InvariantCulture, $"Fold {fold} of {folds}: accuracy {metrics.Accuracy:0.0000}, macro-F1 {metrics.MacroF1:0.0000}"));
        return new FoldResult(fold, learned.Count, rows.Length, metrics.Accuracy, metrics.MacroF1, metrics.LogLoss);
    }

    private static HashSet<int> Places(int[] foldOf, Func<int, bool> wanted) => [.. Enumerable.Range(0, foldOf.Length).Where(row => wanted(foldOf[row]))];
}
