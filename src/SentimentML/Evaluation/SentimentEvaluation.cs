using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>
/// How good a model is on rows whose label is known, and why: all that the report of SentimentML.Reporting shows. Metrics with
/// intervals, curves, calibration, thresholds of doubt, groups, the worst mistakes, labels that may be wrong, leaks from the training.
/// </summary>
public sealed class SentimentEvaluation
{
    private static readonly double[] WantedAccuracies = [0.9, 0.95, 0.98, 0.99];

    private readonly ScoredRows _scored;
    private readonly Calibration? _calibration;

    private SentimentEvaluation(EvaluationRows rows, SentimentEvaluationOptions options)
    {
        Rows = rows;
        _scored = ScoredRows.Of(rows);
        _calibration = options.Calibration;
        Resamples = options.Resamples;
        Metrics = SentimentMetrics.FromRows(_scored, options.Resamples, options.Seed);
        Calibrated = new CalibratedMetrics(rows, options);
        Reliability = ReliabilityBin.Of(_scored);
        Histogram = new ScoreHistogram(_scored);
        UnsureCurve = UnsureThreshold.Curve(_scored);
        UnsureFor = new SortedDictionary<double, UnsureThreshold>(WantedAccuracies.Where(accuracy => accuracy > Metrics.Accuracy.Value)
            .Select(accuracy => KeyValuePair.Create(accuracy, UnsureThreshold.ForAccuracy(_scored, accuracy)))
            .Where(point => point.Value is not null).ToDictionary(point => point.Key, point => point.Value!));
        Groups = [.. GroupsOf(rows, options.MaxGroups)];
        Mistakes = Evaluation.Mistakes.Worst(_scored, options.MaxListedRows);
        LabelErrors = Evaluation.Mistakes.ProbableLabelErrors(_scored, options.MaxListedRows);
        if (options.TrainingTexts is { } training)
            Duplicates = new TrainingDuplicates(training, rows.Texts, options.MaxListedRows);
    }

    /// <summary>The rows.</summary>
    public EvaluationRows Rows { get; }

    /// <summary>The metrics with their intervals.</summary>
    public SentimentMetrics Metrics { get; }

    /// <summary>How often the rows were resampled for the intervals.</summary>
    public int Resamples { get; }

    /// <summary>The metrics with calibrated probabilities.</summary>
    public CalibratedMetrics Calibrated { get; }

    /// <summary>The predicted label of each row, from 0. *Shape:* (rows)</summary>
    public IReadOnlyList<int> Predictions => _scored.Predictions;

    /// <summary>The probability of the predicted label of each row. *Shape:* (rows)</summary>
    public IReadOnlyList<double> Confidences => _scored.Confidences;

    /// <summary>The probabilities, not calibrated. *Shape:* (rows, labels)</summary>
    public IReadOnlyList<IReadOnlyList<double>> Probabilities => _scored.Probabilities;

    /// <summary>The reliability diagram: of the rows at a confidence, the share that is right.</summary>
    public IReadOnlyList<ReliabilityBin> Reliability { get; }

    /// <summary>The number of rows at each confidence, right and wrong.</summary>
    public ScoreHistogram Histogram { get; }

    /// <summary>
    /// How often the model is right if it says "unsure" below a confidence, from the fewest rows answered to all of them; at most about 100
    /// points.
    /// </summary>
    public IReadOnlyList<UnsureThreshold> UnsureCurve { get; }

    /// <summary>
    /// The threshold that answers the most rows with an accuracy of 0.9, 0.95, 0.98 and 0.99; those that no threshold reaches, or all rows
    /// already have, are left out.
    /// </summary>
    public IReadOnlyDictionary<double, UnsureThreshold> UnsureFor { get; }

    /// <summary>
    /// The rows by "length" in words, by "stars" and by each further column; those with a single group are left out. A further column
    /// whose name is taken is renamed, as to "length (column)".
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<GroupMetrics>>> Groups { get; }

    /// <summary>The wrong rows, those first whose true label has the lowest probability.</summary>
    public IReadOnlyList<int> Mistakes { get; }

    /// <summary>Rows whose label is probably wrong, by confident learning (Northcutt et al., 2021).</summary>
    public IReadOnlyList<SuspectLabel> LabelErrors { get; }

    /// <summary>The rows that repeat a training text; null without <see cref="SentimentEvaluationOptions.TrainingTexts"/>.</summary>
    public TrainingDuplicates? Duplicates { get; }

    /// <summary>Evaluates rows.</summary>
    /// <param name="rows">The rows and the model's scores.</param>
    /// <param name="options">The options. The default value is null: the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There are no rows, lengths differ, a label is out of range, a score is not finite, or an option is out of range.
    /// </exception>
    public static SentimentEvaluation Of(EvaluationRows rows, SentimentEvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new SentimentEvaluationOptions();
        options.Check(nameof(options));
        foreach ((string name, int? count) in (ReadOnlySpan<(string, int?)>)
            [(nameof(rows.Texts), rows.Texts.Count), (nameof(rows.Stars), rows.Stars?.Count), (nameof(rows.RowNumbers), rows.RowNumbers?.Count)])
        {
            if (count is { } given && given != rows.Labels.Count)
                throw new ArgumentException($"There are {rows.Labels.Count} labels and {given} {name}, expected as many of each.", nameof(rows));
        }
        return new SentimentEvaluation(rows, options);
    }

    /// <summary>What the figures mean, in words; paragraphs are separated by a blank line.</summary>
    /// <param name="language">The language.</param>
    public string Summary(ReportLanguage language) => EvaluationSummary.Write(Metrics, language, _calibration);

    /// <summary>The ROC curve of one label against the rest, at most 200 points; empty if all rows or none have the label.</summary>
    /// <param name="label">The label, from 0.</param>
    public IReadOnlyList<CurvePoint> RocCurve(int label) => Curves.Roc(_scored, Checked(label));

    /// <summary>The precision-recall curve of one label against the rest, at most 200 points; empty if no row has the label.</summary>
    /// <param name="label">The label, from 0.</param>
    public IReadOnlyList<CurvePoint> PrecisionRecallCurve(int label) => Curves.PrecisionRecall(_scored, Checked(label));

    private int Checked(int label) => (uint)label < (uint)_scored.LabelCount
        ? label
        : throw new ArgumentOutOfRangeException(nameof(label), label, $"Expected 0 to {_scored.LabelCount - 1}.");

    private IEnumerable<KeyValuePair<string, IReadOnlyList<GroupMetrics>>> GroupsOf(EvaluationRows rows, int maxGroups)
    {
        List<(string Column, IReadOnlyList<GroupMetrics> Groups)> all = [("length", GroupMetrics.ByLength(_scored, rows.Texts))];
        if (rows.Stars is { } stars)
            all.Add(("stars", GroupMetrics.ByStars(_scored, stars)));
        foreach ((string column, IReadOnlyList<string?> values) in rows.Columns)
        {
            string name = column;
            while (all.Any(by => by.Column == name))
                name += " (column)";
            all.Add((name, GroupMetrics.ByColumn(_scored, values, maxGroups)));
        }
        return all.Where(by => by.Groups.Count > 1).Select(by => KeyValuePair.Create(by.Column, by.Groups));
    }
}
