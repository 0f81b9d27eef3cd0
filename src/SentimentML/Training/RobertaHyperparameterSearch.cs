using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.ML;

namespace SentimentML;

/// <summary>
/// Looks for the learning rate, the number of epochs and the batch size that suit a task: draws combinations from a seed and
/// compares them by successive halving (Jamieson and Talwalkar, 2016, arXiv:1502.07943). All are trained on a few rows, the best
/// third on three times as many, and so on; the last round has all rows.
/// </summary>
public sealed class RobertaHyperparameterSearch
{
    private const int Fewer = 3;

    private readonly MLContext _ml;
    private readonly RobertaTextClassificationOptions _options;

    /// <summary>Makes a search; nothing is trained yet.</summary>
    /// <param name="ml">The context that trains.</param>
    /// <param name="options">Everything but what is searched for; with a validation set. Copied.</param>
    /// <exception cref="ArgumentException">An option is out of range, or there is no validation set.</exception>
    public RobertaHyperparameterSearch(MLContext ml, RobertaTextClassificationOptions options)
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
    /// The file of results, a line of JSON for each trial, written as each ends. A search that was stopped and is run again
    /// with the same settings and data takes the trials from there. The default value is null: no file.
    /// </summary>
    public string? TablePath { get; set; }

    /// <summary>Runs the search; each trial's model is freed when it is measured.</summary>
    /// <param name="train">The rows to learn from, with text and label columns as the trainer takes them.</param>
    /// <returns>All trials in the order in which they were made; the last one is the best combination on all rows.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="SentimentMLException">The data, the backbone or the table is not what the search needs.</exception>
    public IReadOnlyList<SearchTrial> Run(IDataView train)
    {
        ArgumentNullException.ThrowIfNull(train);
        Check();
        int allRows = Count(train);
        if (allRows == 0)
            throw new SentimentMLException("The training data has no rows to search with.");
        Dictionary<Combination, SearchTrial> known = ReadTable();
        var done = new List<SearchTrial>();
        Combination[] candidates = Draw();
        int rounds = Rounds(candidates.Length);
        for (int round = 1; round <= rounds; round++)
        {
            int rows = Math.Clamp((int)(allRows / Math.Pow(Fewer, rounds - round)), Math.Min(allRows, 1), allRows);
            SearchTrial[] trials = [.. candidates.Select(c => Known(known, c with { Round = round, Rows = rows }) ?? Try(train, c with { Round = round, Rows = rows }))];
            done.AddRange(trials);
            candidates = [.. trials.OrderByDescending(Score).Take(Math.Max(1, candidates.Length / Fewer))
                .Select(t => new Combination(0, 0, t.LearningRate, t.Epochs, t.BatchSize))];
        }
        return done;
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

    private static int Rounds(int trials) => trials < Fewer ? 1 : 1 + Rounds(trials / Fewer);

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

    private SearchTrial Try(IDataView train, Combination combination)
    {
        long started = Stopwatch.GetTimestamp();
        RobertaTextClassificationOptions options = _options.Copy();
        options.LearningRate = combination.LearningRate;
        options.Epochs = combination.Epochs;
        options.BatchSize = combination.BatchSize;
        IDataView rows = _ml.Data.TakeRows(_ml.Data.ShuffleRows(train, Seed, shufflePoolSize: 10_000), combination.Rows);
        using RobertaTextClassificationTransformer model = _ml.MulticlassClassification.Trainers.RobertaTextClassification(options).Fit(rows);
        SearchTrial[] evaluations = [.. model.Evaluations.Skip(1).Select(e => new SearchTrial(combination.Round, combination.Rows, combination.LearningRate,
            combination.Epochs, combination.BatchSize, e.Accuracy, e.MacroF1, e.Loss, Stopwatch.GetElapsedTime(started).TotalSeconds))];
        SearchTrial best = evaluations.MaxBy(Score)!;
        Append(best);
        return best;
    }

    private static int Count(IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor([]);
        int rows = 0;
        while (cursor.MoveNext())
            rows++;
        return rows;
    }

    private static SearchTrial? Known(Dictionary<Combination, SearchTrial> known, Combination combination) => known.GetValueOrDefault(combination);

    private void Append(SearchTrial trial)
    {
        if (TablePath is null)
            return;
        try
        {
            using var file = new FileStream(TablePath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            if (file.Length > 0)
            {
                file.Seek(-1, SeekOrigin.End);
                if (file.ReadByte() != '\n')
                    file.WriteByte((byte)'\n'); // the last line was cut off when an earlier search was stopped
            }
            file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(trial) + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The table of results {Path.GetFullPath(TablePath)} cannot be written: {e.Message}", e);
        }
    }

    private Dictionary<Combination, SearchTrial> ReadTable()
    {
        var known = new Dictionary<Combination, SearchTrial>();
        if (TablePath is null || !File.Exists(TablePath))
            return known;
        foreach (string line in File.ReadLines(TablePath))
        {
            try
            {
                if (JsonSerializer.Deserialize<SearchTrial>(line) is { } trial)
                    known[new Combination(trial.Round, trial.Rows, trial.LearningRate, trial.Epochs, trial.BatchSize)] = trial;
            }
            catch (JsonException)
            {
                // A line that was cut off when a search was stopped: its trial is made again.
            }
        }
        return known;
    }

    private readonly record struct Combination(int Round, int Rows, double LearningRate, int Epochs, int BatchSize);
}
