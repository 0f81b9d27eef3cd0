using System.Diagnostics;
using Microsoft.ML;

namespace SentimentML;

/// <summary>A model that was fine-tuned before, to be measured on a user's own rows beside others.</summary>
public sealed class ReadyModel
{
    /// <summary>
    /// The distance below a row's lowest score at which labels that the model does not have are scored: their probability is 0 in all digits.
    /// </summary>
    private const double Absent = 700;

    private readonly Func<SentimentClassifier> _load;

    /// <param name="name">A short name for a table.</param>
    /// <param name="saved">The model.</param>
    /// <param name="load">Loads it, with the engine and the options that are wanted; the classifier is disposed after its rows.</param>
    public ReadyModel(string name, SavedModel saved, Func<SentimentClassifier> load)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(saved);
        ArgumentNullException.ThrowIfNull(load);
        Name = name;
        Saved = saved;
        _load = load;
    }

    /// <summary>A short name for a table.</summary>
    public string Name { get; }

    /// <summary>The model.</summary>
    public SavedModel Saved { get; }

    /// <summary>
    /// Measures models one after the other on the rows that all of them can answer. Models with the same labels are measured on them;
    /// others on the sentiments that their labels stand for (<see cref="LabeledRowsOptions.AsSentiments"/>).
    /// </summary>
    /// <param name="models">The models; at least one.</param>
    /// <param name="rows">Data with a column of texts, and one of labels or of stars.</param>
    /// <param name="options">Where the data has what. The default value is null: the defaults.</param>
    /// <param name="progress">Receives the name of each model before it is measured. The default value is null.</param>
    /// <returns>
    /// The models in their order. All have the same rows and labels. <see cref="ComparedModel.RowsPerSecond"/> includes the reading of the rows.
    /// </returns>
    /// <exception cref="ArgumentException">There is no model, or an option is out of range.</exception>
    /// <exception cref="SentimentMLException">A model cannot be loaded, or there is no row that all can answer.</exception>
    public static IReadOnlyList<ComparedModel> Compare(
        IReadOnlyList<ReadyModel> models, IDataView rows, LabeledRowsOptions? options = null, IProgress<string>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(rows);
        if (models.Count == 0)
            throw new ArgumentException("There is no model, expected at least one.", nameof(models));
        options ??= new LabeledRowsOptions();
        if (models.Any(model => !model.Saved.Labels.ToHashSet(StringComparer.Ordinal).SetEquals(models[0].Saved.Labels)))
            options = options.WithSentiments();

        var scored = new List<(ReadyModel Model, EvaluationRows Rows, double RowsPerSecond)>();
        foreach (ReadyModel model in models)
        {
            progress?.Report(model.Name);
            using SentimentClassifier classifier = model._load();
            long started = Stopwatch.GetTimestamp();
            EvaluationRows answered = Answered(model, () => classifier.ScoreLabeled(rows, options));
            scored.Add((model, answered, answered.Texts.Count / Stopwatch.GetElapsedTime(started).TotalSeconds));
        }

        HashSet<long> common = [.. scored[0].Rows.RowNumbers!];
        foreach ((_, EvaluationRows answered, _) in scored)
            common.IntersectWith(answered.RowNumbers!);
        if (common.Count == 0)
            throw new SentimentMLException("No row has a label that all of the models can answer: "
                + $"{string.Join("; ", scored.Select(one => $"{one.Model.Name} {string.Join(", ", one.Rows.LabelNames)}"))}.");
        string[] names = [.. scored.MaxBy(one => one.Rows.LabelNames.Count).Rows.LabelNames.Concat(scored.SelectMany(one => one.Rows.LabelNames))
            .Distinct(StringComparer.Ordinal)];
        return [.. scored.Select(
            one => new ComparedModel(
            one.Model.Name, ComparedModelKind.Ready, Aligned(one.Rows, common, names)) { RowsPerSecond = one.RowsPerSecond, Bytes = one.Model.Saved.Bytes })];
    }

    /// <summary>Of several models, a failure's message names the one that failed.</summary>
    private static EvaluationRows Answered(ReadyModel model, Func<EvaluationRows> score)
    {
        try
        {
            return score();
        }
        catch (SentimentMLException e) when (e.GetType() == typeof(SentimentMLException))
        {
            throw new SentimentMLException($"Model {model.Name}: {e.Message}", e);
        }
    }

    /// <summary>The common rows, with the labels of all models.</summary>
    private static EvaluationRows Aligned(EvaluationRows rows, HashSet<long> common, string[] names)
    {
        int[] kept = [.. Enumerable.Range(0, rows.Texts.Count).Where(row => common.Contains(rows.RowNumbers![row]))];
        int[] places = [.. rows.LabelNames.Select(name => Array.IndexOf(names, name))];
        double[] Scores(IReadOnlyList<double> scores)
        {
            double[] all = new double[names.Length];
            Array.Fill(all, scores.Min() - Absent);
            for (int label = 0; label < places.Length; label++)
                all[places[label]] = scores[label];
            return all;
        }

        return new EvaluationRows
        {
            Texts = [.. kept.Select(row => rows.Texts[row])],
            Labels = [.. kept.Select(row => places[rows.Labels[row]])],
            Logits = [.. kept.Select(row => Scores(rows.Logits[row]))],
            Predictions = [.. kept.Select(row => places[rows.Predictions[row]])],
            LabelNames = names,
            RowNumbers = [.. kept.Select(row => rows.RowNumbers![row])],
            RowsLeftOut = rows.RowsLeftOut + rows.Texts.Count - kept.Length,
            LabelsLeftOut = rows.LabelsLeftOut,
            Stars = rows.Stars is { } stars ? [.. kept.Select(row => stars[row])] : null,
            Columns = rows.Columns.ToDictionary(column => column.Key, column => (IReadOnlyList<string?>)[.. kept.Select(row => column.Value[row])]),
        };
    }
}
