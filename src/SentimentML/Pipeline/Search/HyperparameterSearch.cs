using System.Diagnostics;
using Microsoft.ML;
using SentimentML.Encoders;
using SentimentML.Evaluation;
using SentimentML.Labels;
using SentimentML.MLNetInternals;
using SentimentML.Pipeline;
using SentimentML.Pipeline.Search;
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
    /// <summary>How many times fewer trials, and more rows, a round has than the one before.</summary>
    private const int Fewer = 3;

    /// <summary>How far from the learning rate that suits the backbone is looked, both ways.</summary>
    private const double RateSpread = 4;

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
            throw new ArgumentException($"{options.Names.Name(nameof(options.ValidationSet))} is null, expected rows to compare the trials on.", nameof(options));
        if (options.CheckpointFolder is not null)
            throw new ArgumentException($"{options.Names.Name(nameof(options.CheckpointFolder))} is set; the trials of a search write no checkpoints, its table is what it resumes from.", nameof(options));
        _ml = ml;
        _options = options.Copy();
    }

    /// <summary>
    /// The lowest learning rate; it is drawn evenly over orders of magnitude. The default value is null: a quarter of what suits the
    /// backbone.
    /// </summary>
    public double? MinLearningRate { get; set; }

    /// <summary>The highest learning rate. The default value is null: four times what suits the backbone.</summary>
    public double? MaxLearningRate { get; set; }

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
    /// was stopped and is run again with the same data and options takes the trials from there; the table of another is refused. The
    /// default value is null: no file.
    /// </summary>
    public string? TablePath { get; set; }

    /// <summary>
    /// Receives the start and the end of each trial, on the training thread; steps go to the options' own
    /// <see cref="SentimentClassificationOptions.Progress"/>. The default value is null.
    /// </summary>
    public IProgress<SearchProgress>? Progress { get; set; }

    /// <summary>Runs the search; each trial's model is freed when it is measured. A training that diverges is a trial with an infinite loss.</summary>
    /// <param name="train">The rows to learn from, with text and label columns as the trainer takes them.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="HubException">The hub did not give a file of the backbone.</exception>
    /// <exception cref="ModelFileException">The backbone's files cannot be used.</exception>
    /// <exception cref="TrainingOutOfMemoryException">Memory ran out.</exception>
    /// <exception cref="SentimentMLException">The data or the table is not what the search needs; the table is of another search.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled; the table holds the trials that had ended.</exception>
    public SearchResult Run(IDataView train)
    {
        ArgumentNullException.ThrowIfNull(train);
        Check();
        int allRows = Count(train);
        if (allRows == 0)
            throw new SentimentMLException("The training data has no rows to search with.");
        IReadOnlyList<string> labels = LabelNames.Of(train.Schema.Require(TrainingRun.Columns(_options).Label, "The training data"));
        var start = StartingPoint.Of(_options, labels);
        SearchTable? table = TablePath is null ? null : new SearchTable(TablePath, Fingerprint(train, labels, start));
        var pace = new SearchPace(Trials, Fewer, allRows, Count(_options.ValidationSet!), Epochs.Average());
        Combination[] candidates = Draw(start.Recipe);
        for (int round = 1; round <= pace.Rounds; round++)
        {
            int rows = pace.RowsOf(round);
            var trials = new List<SearchTrial>();
            foreach (Combination candidate in candidates)
                trials.Add(Trial(train, allRows, candidate with { Round = round, Rows = rows }, table, pace));
            candidates = [.. trials.OrderByDescending(Score).Take(Math.Max(1, candidates.Length / Fewer))
                .Select(t => new Combination(0, 0, t.LearningRate, t.Epochs, t.BatchSize))];
        }
        return new SearchResult { Trials = pace.Ended, Best = Best(pace.Ended) };
    }

    /// <summary>Only the last round had all rows.</summary>
    internal SearchTrial Best(IReadOnlyList<SearchTrial> trials)
    {
        int last = trials.Max(trial => trial.Round);
        return trials.Where(trial => trial.Round == last).MaxBy(Score)!;
    }

    private void Check()
    {
        var faults = new OptionFaults(_options.Names);
        foreach ((string name, double? rate) in (ReadOnlySpan<(string, double?)>)[(nameof(MinLearningRate), MinLearningRate), (nameof(MaxLearningRate), MaxLearningRate)])
            faults.Expect(rate is null || (rate > 0 && double.IsFinite(rate.Value)), name, rate, "a number above 0");
        faults.Expect(!(MinLearningRate > MaxLearningRate), nameof(MinLearningRate), MinLearningRate,
            FormattableString.Invariant($"at most {faults.Name(nameof(MaxLearningRate))}, which is {MaxLearningRate}"));
        faults.Expect(Epochs is { Count: > 0 } && Epochs.All(e => e >= 1), nameof(Epochs), "empty or has a number below 1", "numbers of 1 or more");
        faults.Expect(BatchSizes is { Count: > 0 } && BatchSizes.All(b => b >= 1), nameof(BatchSizes), "empty or has a number below 1", "numbers of 1 or more");
        faults.Expect(Trials is >= 1 and <= 10_000, nameof(Trials), Trials, "1 to 10,000");
        faults.Throw();
    }

    /// <exception cref="SentimentMLException">The rate that is set is beyond the other, which suits the backbone.</exception>
    private Combination[] Draw(BackboneRecipe suited)
    {
        double lowest = MinLearningRate ?? RecipeChoice.LearningRateOf(suited) / RateSpread, highest = MaxLearningRate ?? RecipeChoice.LearningRateOf(suited) * RateSpread;
        if (lowest > highest)
        {
            string range = FormattableString.Invariant($"{lowest} to {highest}");
            throw new SentimentMLException($"The search would go from a learning rate of {range}, expected the lower one first. "
                + $"Set both {_options.Names.Name(nameof(MinLearningRate))} and {_options.Names.Name(nameof(MaxLearningRate))}.");
        }
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, Trials).Select(_ => new Combination(0, 0,
            lowest * Math.Pow(highest / lowest, random.NextDouble()), Epochs[random.Next(Epochs.Count)], BatchSizes[random.Next(BatchSizes.Count)]))];
    }

    private double Score(SearchTrial trial) => _options.BestModelBy.Score(trial.Accuracy, trial.MacroF1, trial.Loss);

    private SearchTrial Trial(IDataView train, int allRows, Combination combination, SearchTable? table, SearchPace pace)
    {
        Progress?.Report(pace.Report(combination.Round));
        SearchTrial? known = table?.Trials.FirstOrDefault(trial => combination == new Combination(trial.Round, trial.Rows, trial.LearningRate, trial.Epochs, trial.BatchSize));
        SearchTrial result = known ?? Made(train, allRows, combination);
        if (known is null)
            table?.Add(result);
        pace.End(result, made: known is null);
        Progress?.Report(pace.Report(combination.Round, result, fromTable: known is not null));
        return result;
    }

    private SearchTrial Made(IDataView train, int allRows, Combination combination)
    {
        long started = Stopwatch.GetTimestamp();
        SentimentClassificationOptions options = With(combination);
        // The whole data goes through the draw: a smaller pool would give the first rows of a file sorted by its stars.
        IDataView rows = _ml.Data.TakeRows(_ml.Data.ShuffleRows(train, Seed, shufflePoolSize: allRows), combination.Rows);
        SearchTrial Measured(double accuracy, double macroF1, double loss) => new()
        {
            Round = combination.Round,
            Rows = combination.Rows,
            LearningRate = combination.LearningRate,
            Epochs = combination.Epochs,
            BatchSize = combination.BatchSize,
            Accuracy = accuracy,
            MacroF1 = macroF1,
            Loss = loss,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
        };
        try
        {
            using SentimentClassificationTransformer model = Trainer(options).Fit(rows);
            TrainingEvaluation best = options.BestModelBy.Best(model.Evaluations)!;
            return Measured(best.Accuracy, best.MacroF1, best.Loss);
        }
        catch (TrainingDivergedException)
        {
            return Measured(0, 0, double.PositiveInfinity);
        }
    }

    private SentimentClassificationTrainer Trainer(SentimentClassificationOptions options) => new(MLNetHost.EnvironmentOf(_ml.MulticlassClassification.Trainers), options);

    private SentimentClassificationOptions With(Combination combination)
    {
        SentimentClassificationOptions options = _options.Copy();
        options.LearningRate = combination.LearningRate;
        options.Epochs = combination.Epochs;
        options.BatchSize = combination.BatchSize;
        options.OnCancellation = CancellationOutcome.Throw; // a trial that was cut short says nothing of its combination
        return options;
    }

    /// <summary>What the trials' outcomes depend on; texts stand for their tokens, which the backbone makes of them.</summary>
    private SearchFingerprint Fingerprint(IDataView train, IReadOnlyList<string> labels, StartingPoint start)
    {
        static TokenRow Letters(TextInput text, out bool cut)
        {
            cut = false;
            return (int[])[.. text.Text.Select(c => (int)c), -1, .. (text.Pair ?? "").Select(c => (int)c)];
        }

        TrainingColumns columns = TrainingRun.Columns(_options);
        IReadOnlyList<Example> rows = TrainingData.Read(train, columns, labels, Letters, _options.CancellationToken).Examples;
        IDataView validation = TrainingRows.WithLabels(_options.ValidationSet!, columns, labels);
        EncoderConfig config = start.Config;
        var choice = new RecipeChoice(With(new Combination(0, 0, 1, 1, 1)), Trainer(_options).Seed, start,
            config, Math.Min(config.MaxTokens, start.Tokenizer.MaxTokens), MLNetHost.DeviceOf(MLNetHost.EnvironmentOf(_ml.MulticlassClassification.Trainers), _options.Device));
        return SearchFingerprint.Of(_options.Backbone.Name, Seed, choice.For(labels, rows) with { Rows = 0 }, rows, // the rows have a digest of their own
            TrainingData.Read(validation, columns with { Weight = null }, labels, Letters, _options.CancellationToken).Examples);
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
