using System.Diagnostics;
using Microsoft.ML;
using SentimentML.Inference;
using SentimentML.Pipeline;
using SentimentML.Tokenization;
using SentimentML.Training;

namespace SentimentML;

/// <summary>
/// Looks for the learning rate, the number of epochs and the batch size that suit a task: draws combinations from a seed and
/// compares them by successive halving (Jamieson and Talwalkar, 2016, arXiv:1502.07943). All are trained on a few rows, the best
/// third on three times as many, and so on; the last round has all rows.
/// </summary>
public sealed class HyperparameterSearch
{
    private const int Fewer = 3;

    private readonly MLContext _ml;
    private readonly SentimentClassificationOptions _options;

    /// <summary>Makes a search; nothing is trained yet.</summary>
    /// <param name="ml">The context that trains.</param>
    /// <param name="options">Everything but what is searched for; with a validation set. Copied.</param>
    /// <exception cref="ArgumentException">An option is out of range, or there is no validation set.</exception>
    public HyperparameterSearch(MLContext ml, SentimentClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(nameof(options));
        if (options.ValidationSet is null)
            throw new ArgumentException("ValidationSet is null, expected rows to compare the trials on.", nameof(options));
        if (options.CheckpointFolder is not null)
            throw new ArgumentException("CheckpointFolder is set; the trials of a search write no checkpoints, its table is what it resumes from.", nameof(options));
        _ml = ml;
        _options = options.Copy();
    }

    /// <summary>The lowest learning rate; it is drawn evenly over orders of magnitude. The default value is 1e-5.</summary>
    public double LowestLearningRate { get; set; } = 1e-5;

    /// <summary>The highest learning rate. The default value is 1e-4.</summary>
    public double HighestLearningRate { get; set; } = 1e-4;

    /// <summary>The numbers of epochs to choose from. The default value is 1 to 4.</summary>
    public IReadOnlyList<int> Epochs { get; set; } = [1, 2, 3, 4];

    /// <summary>The batch sizes to choose from. The default value is 8, 16 and 32.</summary>
    public IReadOnlyList<int> BatchSizes { get; set; } = [8, 16, 32];

    /// <summary>Combinations in the first round. The default value is 9: three rounds, of 9, 3 and 1.</summary>
    public int Trials { get; set; } = 9;

    /// <summary>What the combinations and the rows of the first rounds are drawn from. The default value is 42.</summary>
    public int Seed { get; set; } = 42;

    /// <summary>
    /// The file of results: a line of JSON that says whose they are, then one for each trial, written as it ends. A search that
    /// was stopped and is run again with the same data and options takes the trials from there; the table of another is refused. The default value is null: no file.
    /// </summary>
    public string? TablePath { get; set; }

    /// <summary>Told when a trial begins and when it has ended, on the training thread; steps are told to the options' own <see cref="SentimentClassificationOptions.Progress"/>. The default value is null.</summary>
    public IProgress<SearchProgress>? Progress { get; set; }

    /// <summary>Runs the search; each trial's model is freed when it is measured. A training that diverges is a trial with an infinite loss.</summary>
    /// <param name="train">The rows to learn from, with text and label columns as the trainer takes them.</param>
    /// <returns>All trials in the order in which they were made; <see cref="Best"/> picks the one to use.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="SentimentMLException">The data, the backbone or the table is not what the search needs; the table is of another search.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled; the table holds the trials that had ended.</exception>
    public IReadOnlyList<SearchTrial> Run(IDataView train)
    {
        ArgumentNullException.ThrowIfNull(train);
        Check();
        int allRows = Count(train);
        if (allRows == 0)
            throw new SentimentMLException("The training data has no rows to search with.");
        SearchTable? table = TablePath is null ? null : new SearchTable(TablePath, Fingerprint(train));
        var pace = new SearchPace(Trials, Fewer, allRows, Count(_options.ValidationSet!), Epochs.Average());
        Combination[] candidates = Draw();
        for (int round = 1; round <= pace.Rounds; round++)
        {
            int rows = pace.RowsOf(round);
            var trials = new List<SearchTrial>();
            foreach (Combination candidate in candidates)
                trials.Add(Trial(train, candidate with { Round = round, Rows = rows }, table, pace));
            candidates = [.. trials.OrderByDescending(Score).Take(Math.Max(1, candidates.Length / Fewer))
                .Select(t => new Combination(0, 0, t.LearningRate, t.Epochs, t.BatchSize))];
        }
        return pace.Ended;
    }

    /// <summary>The best trial of the last round, which had all rows; the earlier of equals.</summary>
    /// <param name="trials">What <see cref="Run"/> returned.</param>
    public SearchTrial Best(IReadOnlyList<SearchTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentOutOfRangeException.ThrowIfZero(trials.Count, nameof(trials));
        int last = trials.Max(trial => trial.Round);
        return trials.Where(trial => trial.Round == last).MaxBy(Score)!;
    }

    private void Check()
    {
        var faults = new List<string>();
        if (!(LowestLearningRate > 0) || !(HighestLearningRate >= LowestLearningRate) || !double.IsFinite(HighestLearningRate))
            faults.Add(FormattableString.Invariant($"LowestLearningRate is {LowestLearningRate} and HighestLearningRate {HighestLearningRate}, expected numbers above 0 in this order."));
        if (Epochs is not { Count: > 0 } || Epochs.Any(e => e < 1))
            faults.Add("Epochs is empty or has a number below 1.");
        if (BatchSizes is not { Count: > 0 } || BatchSizes.Any(b => b < 1))
            faults.Add("BatchSizes is empty or has a number below 1.");
        if (Trials is < 1 or > 10_000)
            faults.Add($"Trials is {Trials}, expected 1 to 10,000.");
        if (faults.Count > 0)
            throw new ArgumentException(string.Join(" ", faults));
    }

    private Combination[] Draw()
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, Trials).Select(_ => new Combination(0, 0,
            LowestLearningRate * Math.Pow(HighestLearningRate / LowestLearningRate, random.NextDouble()),
            Epochs[random.Next(Epochs.Count)], BatchSizes[random.Next(BatchSizes.Count)]))];
    }

    private double Score(SearchTrial trial) => _options.BestModelBy switch
    {
        BestModelMetric.MacroF1 => trial.MacroF1,
        BestModelMetric.Loss => -trial.Loss,
        _ => trial.Accuracy,
    };

    private SearchTrial Trial(IDataView train, Combination combination, SearchTable? table, SearchPace pace)
    {
        Progress?.Report(pace.Report(combination.Round));
        SearchTrial? known = table?.Trials.FirstOrDefault(trial => combination == new Combination(trial.Round, trial.Rows, trial.LearningRate, trial.Epochs, trial.BatchSize));
        SearchTrial result = known ?? Try(train, combination);
        if (known is null)
            table?.Add(result);
        pace.End(result, made: known is null);
        Progress?.Report(pace.Report(combination.Round, result, fromTable: known is not null));
        return result;
    }

    private SearchTrial Try(IDataView train, Combination combination)
    {
        long started = Stopwatch.GetTimestamp();
        SentimentClassificationOptions options = _options.Copy();
        options.LearningRate = combination.LearningRate;
        options.Epochs = combination.Epochs;
        options.BatchSize = combination.BatchSize;
        options.OnCancellation = CancellationOutcome.Throw; // a trial that was cut short says nothing of its combination
        // The whole data goes through the draw: a smaller pool would give the first rows of a file sorted by its stars.
        IDataView rows = _ml.Data.TakeRows(_ml.Data.ShuffleRows(train, Seed, shufflePoolSize: Count(train)), combination.Rows);
        SearchTrial Trial(double accuracy, double macroF1, double loss) => new(combination.Round, combination.Rows, combination.LearningRate,
            combination.Epochs, combination.BatchSize, accuracy, macroF1, loss, Stopwatch.GetElapsedTime(started).TotalSeconds);
        try
        {
            using SentimentClassificationTransformer model = _ml.MulticlassClassification.Trainers.SentimentClassification(options).Fit(rows);
            return model.Evaluations.Skip(1).Select(e => Trial(e.Accuracy, e.MacroF1, e.Loss)).MaxBy(Score)!;
        }
        catch (DivergedException)
        {
            return Trial(0, 0, double.PositiveInfinity);
        }
    }

    /// <summary>What the trials' outcomes depend on; texts stand for their tokens, which the backbone makes of them.</summary>
    private SearchFingerprint Fingerprint(IDataView train)
    {
        static TokenRow Letters(TextInput text, out bool cut)
        {
            cut = false;
            return (int[])[.. text.Text.Select(c => (int)c), -1, .. (text.Pair ?? "").Select(c => (int)c)];
        }

        var columns = new TrainingColumns(_options.TextColumnName, _options.TextPairColumnName, _options.LabelColumnName, _options.ExampleWeightColumnName);
        foreach (string? column in (string?[])[columns.Text, columns.TextPair, columns.Label, columns.Weight])
            if (column is not null && train.Schema.GetColumnOrNull(column) is null)
                throw new SentimentMLException($"The training data has no column '{column}'; it has {string.Join(", ", train.Schema.Select(c => c.Name))}.");
        IReadOnlyList<string> labels = LabelNames.Of(train.Schema[columns.Label]);
        IDataView validation = TrainingRows.WithLabels(_options.ValidationSet!, columns, labels);
        return SearchFingerprint.Of(_options, Seed,
            TrainingData.Read(train, columns, labels, Letters, _options.CancellationToken).Examples,
            TrainingData.Read(validation, columns with { Weight = null }, labels, Letters, _options.CancellationToken).Examples, labels);
    }

    private static int Count(IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor([]);
        int rows = 0;
        while (cursor.MoveNext())
            rows++;
        return rows;
    }

    private readonly record struct Combination(int Round, int Rows, double LearningRate, int Epochs, int BatchSize);
}
