using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>
/// How good a model is on rows whose label is known. The figures are scikit-learn's, to the ninth decimal; each has the 95 %
/// interval of a percentile bootstrap over the rows.
/// </summary>
/// <remarks>
/// A row counts for the label with the highest score, the first of equals, unless predictions are given
/// (<see cref="EvaluationRows.Predictions"/>). For two labels,
/// <see cref="RocAuc"/> and <see cref="AveragePrecision"/> are those of the second; for more labels, the mean over the labels that have rows, of
/// each against the rest. Where every resample gives the same, as where all of a few rows are right, the resamples tell nothing: the
/// accuracy then has Wilson's interval, and the other figures have none.
/// </remarks>
public sealed class SentimentMetrics
{
    /// <summary>How often the rows are resampled by default: 1,000 times.</summary>
    public const int DefaultResamples = 1000;

    private SentimentMetrics(ScoredRows rows, MetricInterval[] values)
    {
        int[] supports = rows.Supports();
        RowCount = rows.Count;
        MetricInterval right = values[MetricSet.Accuracy];
        bool isOneSided = right.Low == right.High; // all rows are right, or all wrong
        Accuracy = isOneSided ? GroupMetrics.Share((int)Math.Round(right.Value * rows.Count), rows.Count) : right;
        MacroF1 = isOneSided ? Alone(values[MetricSet.MacroF1]) : values[MetricSet.MacroF1];
        WeightedF1 = isOneSided ? Alone(values[MetricSet.WeightedF1]) : values[MetricSet.WeightedF1];
        Matthews = isOneSided ? Alone(values[MetricSet.Matthews]) : values[MetricSet.Matthews];
        RocAuc = Told(values[MetricSet.RocAuc]);
        AveragePrecision = Told(values[MetricSet.AveragePrecision]);
        LogLoss = values[MetricSet.LogLoss];
        Brier = values[MetricSet.Brier];
        CalibrationError = values[MetricSet.CalibrationError];
        MeanConfidence = rows.Confidences.Average();
        MajorityAccuracy = supports.Max() / (double)rows.Count;
        Confusion = Count(rows);
        Labels = [.. rows.LabelNames.Select((name, label) => new SentimentLabelMetrics(
            name, supports[label], Array.ConvertAll(values[MetricSet.At(label)..MetricSet.At(label + 1)], Told)))];
    }

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The share of rows whose predicted label is the true one.</summary>
    public MetricInterval Accuracy { get; }

    /// <summary>The mean of the labels' F1, every label counting the same; labels neither true nor predicted are left out.</summary>
    public MetricInterval MacroF1 { get; }

    /// <summary>The mean of the labels' F1, each weighted by its number of rows.</summary>
    public MetricInterval WeightedF1 { get; }

    /// <summary>Matthews' correlation of labels and predictions, from -1 to 1; 0 if either knows one label only.</summary>
    public MetricInterval Matthews { get; }

    /// <summary>The area under the ROC curve: 0.5 for guessing, 1 at best; NaN if all rows have the same label.</summary>
    public MetricInterval RocAuc { get; }

    /// <summary>The average precision: the precision at each score of a row with the label, averaged; not interpolated.</summary>
    public MetricInterval AveragePrecision { get; }

    /// <summary>The mean of -ln of the true label's probability, in nats; probabilities are kept 2.2e-16 away from 0 and 1.</summary>
    public MetricInterval LogLoss { get; }

    /// <summary>The mean over the rows of the squared errors of the probabilities, added up over the labels: from 0 to 2.</summary>
    public MetricInterval Brier { get; }

    /// <summary>
    /// The expected calibration error: how far confidence and accuracy lie apart on average, over 15 bins of equal width of the
    /// predicted label's probability. A resample adds noise to every bin, so that the interval of a well calibrated model lies
    /// above the value.
    /// </summary>
    public MetricInterval CalibrationError { get; }

    /// <summary>The mean probability of the predicted label; above the accuracy if the model is too sure of itself.</summary>
    public double MeanConfidence { get; }

    /// <summary>The accuracy of always answering the most frequent label: what any model must beat.</summary>
    public double MajorityAccuracy { get; }

    /// <summary>The metrics of each label against the rest, in the labels' order.</summary>
    public IReadOnlyList<SentimentLabelMetrics> Labels { get; }

    /// <summary>How many rows with label i were predicted as label j. *Shape:* (labels, labels)</summary>
    public IReadOnlyList<IReadOnlyList<int>> Confusion { get; }

    /// <summary>
    /// Whether a label has at least 1.4 times or at most 0.6 times its even share of the rows, so that accuracy hides how rare labels fare.
    /// Labels without a row, such as a third one that the data does not use, are left out.
    /// </summary>
    public bool IsUnbalanced
    {
        get
        {
            int[] supports = [.. Labels.Select(label => label.Support).Where(support => support > 0)];
            double even = RowCount / (double)supports.Length;
            return supports.Max() >= 1.4 * even || supports.Min() <= 0.6 * even;
        }
    }

    /// <summary>Evaluates logits; the probabilities are their softmax.</summary>
    /// <param name="labels">The true label of each row, from 0. *Shape:* (rows)</param>
    /// <param name="logits">The scores of each row. *Shape:* (rows, labels)</param>
    /// <param name="labelNames">The labels' names; at least two. *Shape:* (labels)</param>
    /// <param name="resamples">How often the rows are resampled for the intervals; 0 for none. The default value is 1,000.</param>
    /// <param name="seed">The seed of the resamples: the same seed gives the same intervals on any machine. The default value is 0.</param>
    /// <exception cref="ArgumentException">There are no rows, the lengths differ, a label is out of range, or a logit is not finite.</exception>
    public static SentimentMetrics FromLogits(
        IReadOnlyList<int> labels, IReadOnlyList<IReadOnlyList<double>> logits, IReadOnlyList<string> labelNames, int resamples = DefaultResamples,
        int seed = 0) =>
        FromRows(ScoredRows.FromLogits(labels, logits, labelNames), resamples, seed);

    /// <summary>Evaluates probabilities.</summary>
    /// <param name="labels">The true label of each row, from 0. *Shape:* (rows)</param>
    /// <param name="probabilities">The probabilities of each row, which add up to 1. *Shape:* (rows, labels)</param>
    /// <param name="labelNames">The labels' names; at least two. *Shape:* (labels)</param>
    /// <param name="resamples">How often the rows are resampled for the intervals; 0 for none. The default value is 1,000.</param>
    /// <param name="seed">The seed of the resamples: the same seed gives the same intervals on any machine. The default value is 0.</param>
    /// <exception cref="ArgumentException">There are no rows, the lengths differ, a label is out of range, or a row does not sum to 1.</exception>
    public static SentimentMetrics FromProbabilities(
        IReadOnlyList<int> labels, IReadOnlyList<IReadOnlyList<double>> probabilities, IReadOnlyList<string> labelNames, int resamples = DefaultResamples,
        int seed = 0) =>
        FromRows(ScoredRows.FromProbabilities(labels, probabilities, labelNames), resamples, seed);

    /// <summary>Evaluates a classifier's predictions, by their logits.</summary>
    /// <param name="labels">The true label of each row, from 0, in the order of the predictions' labels. *Shape:* (rows)</param>
    /// <param name="predictions">The predictions. *Shape:* (rows)</param>
    /// <param name="resamples">How often the rows are resampled for the intervals; 0 for none. The default value is 1,000.</param>
    /// <param name="seed">The seed of the resamples: the same seed gives the same intervals on any machine. The default value is 0.</param>
    /// <exception cref="ArgumentException">There are no rows, the lengths differ, or a label is out of range.</exception>
    public static SentimentMetrics FromPredictions(
        IReadOnlyList<int> labels, IReadOnlyList<SentimentPrediction> predictions, int resamples = DefaultResamples, int seed = 0) =>
        FromLogits(labels, predictions.Logits(), predictions.Count == 0 ? ["", ""] : predictions[0].Labels, resamples, seed);

    internal static SentimentMetrics FromRows(ScoredRows rows, int resamples = DefaultResamples, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(resamples);
        return new SentimentMetrics(rows, Bootstrap.Intervals(new MetricSet(rows), rows.Count, resamples, seed));
    }

    /// <summary>A figure with its interval, if the resamples differ: of one that is perfect, only those differ that lack a label.</summary>
    private static MetricInterval Told(MetricInterval figure) => figure.Low == figure.High || figure.Value == 1 ? Alone(figure) : figure;

    private static MetricInterval Alone(MetricInterval figure) => new(figure.Value, double.NaN, double.NaN);

    private static int[][] Count(ScoredRows rows)
    {
        int[][] counts = [.. Enumerable.Range(0, rows.LabelCount).Select(_ => new int[rows.LabelCount])];
        for (int row = 0; row < rows.Count; row++)
            counts[rows.Labels[row]][rows.Predictions[row]]++;
        return counts;
    }
}
