using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using SentimentML.Evaluation;
using SentimentML.Labels;
using SentimentML.MLNetInternals;
using SentimentML.Pipeline;
using SentimentML.Pipeline.Results;
using SentimentML.Pipeline.Search;
using SentimentML.Training;

namespace SentimentML;

/// <summary>
/// Looks for the learning rate, the number of epochs and the batch size that suit a task: draws combinations from a seed and
/// compares them by successive halving (Jamieson and Talwalkar, 2016, arXiv:1502.07943). All are trained on a few rows, the best
/// third on three times as many, and so on; the last round has all rows. If the backbone recommends a LoRA and the options do not say what
/// is trained, all trials train that LoRA, and the rate is looked for around its own.
/// </summary>
public sealed class HyperparameterSearch
{
    /// <summary>Combinations in the first round.</summary>
    internal const int DefaultTrials = 9;

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
            throw new ArgumentException(
                $"{options.Names.Name(nameof(options.ValidationSet))} is null, expected rows to compare the trials on.", nameof(options));
        if (options.CheckpointFolder is not null)
            throw new ArgumentException($"{options.Names.Name(nameof(options.CheckpointFolder))} is set; the trials of a search write no checkpoints, its "
                + "folder of results is what it resumes from.", nameof(options));
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
    public int Trials { get; set; } = DefaultTrials;

    /// <summary>What the combinations and the rows of the first rounds are drawn from. The default value is 42.</summary>
    public int Seed { get; set; } = 42;

    /// <summary>
    /// The folder of results: results.json says whose they are, and each trial that has ended has a file. A search that was stopped and is run
    /// again with the same data and options takes the trials from there, and so does one whose trials other processes ran
    /// (<see cref="RunTrial"/>); the results of another search are refused. The default value is null: no folder.
    /// </summary>
    public string? ResultsFolder { get; set; }

    /// <summary>
    /// Receives the start and the end of each trial, on the training thread; steps go to the options' own
    /// <see cref="SentimentClassificationOptions.Progress"/>. The default value is null.
    /// </summary>
    public IProgress<SearchProgress>? Progress { get; set; }

    /// <summary>
    /// The number of trials of each round, as <see cref="Trials"/> says: 9, 3 and 1 for 9. The trials of a round do not depend on one another;
    /// which ones a round has depends on the results of all trials of the round before.
    /// </summary>
    public IReadOnlyList<int> TrialsByRound => RoundsOf(Trials);

    /// <summary>Runs the search; each trial's model is freed when it is measured. A training that diverges is a trial with an infinite loss.</summary>
    /// <param name="train">The rows to learn from, with text and label columns as the trainer takes them.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="HubException">The hub did not give a file of the backbone.</exception>
    /// <exception cref="ModelFileException">The backbone's files cannot be used.</exception>
    /// <exception cref="TrainingOutOfMemoryException">Memory ran out.</exception>
    /// <exception cref="SentimentMLException">The data is not what the search needs; the results are of another search.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled; the folder of results has the trials that had ended.</exception>
    public SearchResult Run(IDataView train)
    {
        Opened search = Open(train);
        Combination[] candidates = search.First;
        for (int round = 1; round <= search.Pace.Rounds; round++)
            candidates = Next([.. candidates.Select((candidate, index) => Trial(search, candidate with { Round = round, Index = index }))]);
        return new SearchResult { Trials = search.Pace.Ended, Best = Best(search.Pace.Ended) };
    }

    /// <summary>
    /// Runs one trial and puts its result into the <see cref="ResultsFolder"/>, unless it is there: so the trials of a round can be spread over
    /// any number of processes and machines of one kind. When all rounds are done, <see cref="Run"/> takes all results from the folder.
    /// </summary>
    /// <param name="train">The rows to learn from, the same for all trials.</param>
    /// <param name="round">The trial's round, from 1. All trials of the rounds before must have ended: their results say what is tried.</param>
    /// <param name="index">The trial's place in the round, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The search has no such trial.</exception>
    /// <exception cref="InvalidOperationException">There is no <see cref="ResultsFolder"/>.</exception>
    /// <exception cref="SentimentMLException">A trial of the round before has not ended; or as for <see cref="Run"/>.</exception>
    /// <inheritdoc cref="Run" path="/exception"/>
    public SearchTrial RunTrial(IDataView train, int round, int index)
    {
        IReadOnlyList<int> trials = TrialsByRound;
        if (round < 1 || round > trials.Count)
            throw new ArgumentOutOfRangeException(nameof(round), round, $"The search has the rounds 1 to {trials.Count}.");
        if (index < 0 || index >= trials[round - 1])
            throw new ArgumentOutOfRangeException(nameof(index), index, $"Round {round} has the trials 0 to {trials[round - 1] - 1}.");
        Opened search = OpenResults(train);
        if (FirstGap(search, round - 1, out Combination[] candidates) is { } gap)
        {
            string missing = string.Join(", ", gap.Missing.Take(10)) + (gap.Missing.Count > 10 ? ", …" : "");
            throw new SentimentMLException(
                $"Round {round} trains the best of round {gap.Round}, of which {gap.Missing.Count} trials have not ended ({missing}). Run them first.");
        }
        return Trial(search, candidates[index] with { Round = round, Index = index });
    }

    /// <summary>Reads the data and begins the <see cref="ResultsFolder"/>, or makes sure that it is this search's.</summary>
    /// <returns>The first round that has trials without a result, with their places; null if all have ended.</returns>
    internal ResultsGap? FindGap(IDataView train)
    {
        Opened search = OpenResults(train);
        return FirstGap(search, search.Pace.Rounds, out _);
    }

    /// <summary>The number of trials of each round.</summary>
    internal static IReadOnlyList<int> RoundsOf(int trials) => new SearchPace(trials, Fewer, rows: 0, validationRows: 0, epochs: 0).TrialsByRound;

    /// <summary>Only the last round had all rows.</summary>
    internal SearchTrial Best(IReadOnlyList<SearchTrial> trials)
    {
        int last = trials.Max(trial => trial.Round);
        return trials.Where(trial => trial.Round == last).MaxBy(Score)!;
    }

    private void Check()
    {
        var faults = new OptionFaults(_options.Names);
        (string, double?)[] rates = [(nameof(MinLearningRate), MinLearningRate), (nameof(MaxLearningRate), MaxLearningRate)];
        foreach ((string name, double? rate) in rates)
            faults.Expect(rate is null || (rate > 0 && double.IsFinite(rate.Value)), name, rate, "a number above 0");
        faults.Expect(!(MinLearningRate > MaxLearningRate), nameof(MinLearningRate), MinLearningRate,
            FormattableString.Invariant($"at most {faults.Name(nameof(MaxLearningRate))}, which is {MaxLearningRate}"));
        faults.Expect(Epochs is { Count: > 0 } && Epochs.All(e => e >= 1), nameof(Epochs), "empty or has a number below 1", "numbers of 1 or more");
        faults.Expect(BatchSizes is { Count: > 0 } && BatchSizes.All(b => b >= 1), nameof(BatchSizes), "empty or has a number below 1", "numbers of 1 or more");
        faults.Expect(Trials is >= 1 and <= 10_000, nameof(Trials), Trials, "1 to 10,000");
        faults.Throw();
    }

    /// <exception cref="SentimentMLException">The rate that is set is beyond the other, which suits the backbone.</exception>
    private (double Lowest, double Highest) LearningRates(BackboneRecipe suited, LoraRecipe? lora)
    {
        double suitedRate = lora?.LearningRate ?? RecipeChoice.LearningRateOf(suited);
        double lowest = MinLearningRate ?? suitedRate / RateSpread, highest = MaxLearningRate ?? suitedRate * RateSpread;
        if (lowest > highest)
        {
            string range = FormattableString.Invariant($"{lowest} to {highest}");
            throw new SentimentMLException($"The search would go from a learning rate of {range}, expected the lower one first. "
                + $"Set both {_options.Names.Name(nameof(MinLearningRate))} and {_options.Names.Name(nameof(MaxLearningRate))}.");
        }
        return (lowest, highest);
    }

    private Combination[] Draw(double lowest, double highest)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, Trials).Select(_ => new Combination(0, 0,
            lowest * Math.Pow(highest / lowest, random.NextDouble()), Epochs[random.Next(Epochs.Count)], BatchSizes[random.Next(BatchSizes.Count)]))];
    }

    private double Score(SearchTrial trial) => _options.BestModelBy.Score(trial.Accuracy, trial.MacroF1, trial.Loss);

    /// <summary>Checks the settings, reads the data and opens the folder of results.</summary>
    private Opened Open(IDataView train)
    {
        ArgumentNullException.ThrowIfNull(train);
        Check();
        int rows = Count(train);
        if (rows == 0)
            throw new SentimentMLException("The training data has no rows to search with.");
        IReadOnlyList<string> labels = LabelNames.Of(train.Schema.Require(TrainingRun.Columns(_options).Label, "The training data"));
        var start = StartingPoint.Of(_options, labels);
        LoraRecipe? lora = RecipeChoice.LoraOf(_options, start.Recipe, rows);
        (double lowest, double highest) = LearningRates(start.Recipe, lora);
        ResultsFolder? results = ResultsFolder is null ? null : new ResultsFolder(ResultsFolder, Fingerprint(train, labels, start, lora, lowest, highest));
        var pace = new SearchPace(Trials, Fewer, rows, Count(_options.ValidationSet!), Epochs.Average());
        return new Opened(train, rows, lora, Draw(lowest, highest), results, pace);
    }

    private Opened OpenResults(IDataView train) =>
        ResultsFolder is not null
            ? Open(train)
            : throw new InvalidOperationException($"{nameof(ResultsFolder)} is null, expected the folder that all trials of the search share.");

    /// <summary>Goes through the rounds as far as their results are there.</summary>
    /// <param name="search">The search.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="candidates">What the round behind them tries, if no result is missing.</param>
    private ResultsGap? FirstGap(Opened search, int rounds, out Combination[] candidates)
    {
        candidates = search.First;
        for (int round = 1; round <= rounds; round++)
        {
            SearchTrial?[] trials = [.. candidates.Select((candidate, index) => Known(search, candidate with { Round = round, Index = index }))];
            if (trials.Contains(null))
                return new ResultsGap(round, [.. Enumerable.Range(0, trials.Length).Where(index => trials[index] is null)]);
            candidates = Next(trials!);
        }
        return null;
    }

    /// <summary>What the next round tries: the best third, the earlier of equals first.</summary>
    private Combination[] Next(SearchTrial[] trials) => [.. trials.OrderByDescending(Score).Take(Math.Max(1, trials.Length / Fewer))
        .Select(trial => new Combination(0, 0, trial.LearningRate, trial.Epochs, trial.BatchSize))];

    private SearchTrial Trial(Opened search, Combination combination)
    {
        Progress?.Report(search.Pace.Report(combination.Round, combination.Index));
        SearchTrial? known = Known(search, combination);
        SearchTrial result = known ?? Made(search, combination);
        if (known is null)
            search.Results?.Add(combination.Name, result, ResultsJson.Default.StoredResultSearchTrial);
        search.Pace.End(result, made: known is null);
        Progress?.Report(search.Pace.Report(combination.Round, combination.Index, result, fromResults: known is not null));
        return result;
    }

    /// <summary>A trial's result, if it is in the folder.</summary>
    private static SearchTrial? Known(Opened search, Combination combination)
    {
        SearchTrial? known = search.Results?.Find(combination.Name, ResultsJson.Default.StoredResultSearchTrial);
        // A round's trials follow from the results before it: with one that was made again and came out otherwise, they are others.
        return known is not null && combination.IsOf(known) && known.Rows == search.Pace.RowsOf(combination.Round) ? known : null;
    }

    private SearchTrial Made(Opened search, Combination combination)
    {
        long started = Stopwatch.GetTimestamp();
        // The whole data goes through the draw: a smaller pool would give the first rows of a file sorted by its stars.
        IDataView rows = _ml.Data.TakeRows(_ml.Data.ShuffleRows(search.Train, Seed, shufflePoolSize: search.Rows), search.Pace.RowsOf(combination.Round));
        SearchTrial trial = Untrained(combination, search.Pace.RowsOf(combination.Round), search.Lora);
        SearchTrial Measured(double accuracy, double macroF1, double loss) =>
            trial with { Accuracy = accuracy, MacroF1 = macroF1, Loss = loss, Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds };
        SentimentClassificationOptions options = With(trial);
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

    private SentimentClassificationTrainer Trainer(SentimentClassificationOptions options) =>
        new(MLNetHost.EnvironmentOf(_ml.MulticlassClassification.Trainers), options);

    /// <summary>What a trial is trained with; its results are still to come.</summary>
    private SearchTrial Untrained(Combination combination, int rows, LoraRecipe? lora) => new()
    {
        Round = combination.Round,
        Rows = rows,
        LearningRate = combination.LearningRate,
        Epochs = combination.Epochs,
        BatchSize = combination.BatchSize,
        LoraRank = lora?.Rank,
        HiddenDropout = _options.HiddenDropout is null ? lora?.HiddenDropout : null,
        Accuracy = 0,
        MacroF1 = 0,
        Loss = double.PositiveInfinity,
        Seconds = 0,
    };

    private SentimentClassificationOptions With(SearchTrial trial)
    {
        SentimentClassificationOptions options = _options.Copy();
        trial.ApplyTo(options);
        options.OnCancellation = CancellationOutcome.Throw; // a trial that was cut short says nothing of its combination
        return options;
    }

    /// <summary>What the trials' outcomes depend on, with 1 for what is searched for.</summary>
    private ResultsFingerprint Fingerprint(IDataView train, IReadOnlyList<string> labels, StartingPoint start, LoraRecipe? lora, double lowest, double highest)
    {
        string epochs = string.Join(", ", Epochs), batchSizes = string.Join(", ", BatchSizes);
        string rates = FormattableString.Invariant($"{Trials} trials drawn by seed {Seed}, learning rates {lowest} to {highest}");
        SentimentClassificationOptions options = With(Untrained(new Combination(0, 0, 1, 1, 1), 0, lora));
        return ResultsFingerprint.Of(
            MLNetHost.EnvironmentOf(_ml.MulticlassClassification.Trainers), options, Trainer(_options).Seed, start,
            $"a search of {rates}, epochs {epochs}, batch sizes {batchSizes}", train, labels);
    }

    private static int Count(IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor([]);
        int rows = 0;
        while (cursor.MoveNext())
            rows++;
        return rows;
    }

    /// <param name="Train">The rows to learn from.</param>
    /// <param name="Rows">How many.</param>
    /// <param name="Lora">What all trials train; null for what the options say.</param>
    /// <param name="First">What the first round tries.</param>
    /// <param name="Results">The folder of results; null for none.</param>
    /// <param name="Pace">The rounds, and how far the search is.</param>
    private sealed record Opened(IDataView Train, int Rows, LoraRecipe? Lora, Combination[] First, ResultsFolder? Results, SearchPace Pace);

    private readonly record struct Combination(int Round, int Index, double LearningRate, int Epochs, int BatchSize)
    {
        /// <summary>The name of its result.</summary>
        public string Name => string.Create(CultureInfo.InvariantCulture, $"round-{Round}-trial-{Index:0000}");

        public bool IsOf(SearchTrial trial) => (Round, LearningRate, Epochs, BatchSize) == (trial.Round, trial.LearningRate, trial.Epochs, trial.BatchSize);
    }
}
