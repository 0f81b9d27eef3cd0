using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>
/// What a model is worth on rows whose label is known. The figures are scikit-learn's, to the ninth decimal; each has the 95 %
/// interval of a percentile bootstrap over the rows.
/// </summary>
/// <remarks>
/// A row counts for the class with the highest score, the first of them where several are equal. Where there are two classes,
/// <see cref="RocAuc"/> and <see cref="AveragePrecision"/> are those of the second; of more classes, the mean over the classes of
/// each against the rest.
/// </remarks>
public sealed class SentimentMetrics
{
    /// <summary>How often the rows are drawn anew where nothing else is asked: 1,000 times.</summary>
    public const int DefaultResamples = 1000;

    private SentimentMetrics(ScoredRows rows, MetricInterval[] values)
    {
        int[] supports = rows.Supports();
        RowCount = rows.Count;
        Accuracy = values[MetricSet.Accuracy];
        MacroF1 = values[MetricSet.MacroF1];
        WeightedF1 = values[MetricSet.WeightedF1];
        Matthews = values[MetricSet.Matthews];
        RocAuc = values[MetricSet.RocAuc];
        AveragePrecision = values[MetricSet.AveragePrecision];
        LogLoss = values[MetricSet.LogLoss];
        Brier = values[MetricSet.Brier];
        CalibrationError = values[MetricSet.CalibrationError];
        MeanConfidence = rows.Confidences.Average();
        MajorityAccuracy = supports.Max() / (double)rows.Count;
        Confusion = Count(rows);
        Classes = [.. rows.LabelNames.Select((name, c) => new SentimentClassMetrics
        {
            Label = name,
            Support = supports[c],
            Precision = values[MetricSet.At(c, MetricSet.Precision)],
            Recall = values[MetricSet.At(c, MetricSet.Recall)],
            F1 = values[MetricSet.At(c, MetricSet.F1)],
            RocAuc = values[MetricSet.At(c, MetricSet.ClassRocAuc)],
            AveragePrecision = values[MetricSet.At(c, MetricSet.ClassAveragePrecision)],
        })];
    }

    /// <summary>How many rows were evaluated.</summary>
    public int RowCount { get; }

    /// <summary>The share of rows whose predicted class is the true one.</summary>
    public MetricInterval Accuracy { get; }

    /// <summary>The mean of the classes' F1, every class counting the same; classes neither in the labels nor predicted are left out.</summary>
    public MetricInterval MacroF1 { get; }

    /// <summary>The mean of the classes' F1, each weighted by its number of rows.</summary>
    public MetricInterval WeightedF1 { get; }

    /// <summary>Matthews' correlation of labels and predictions, from -1 to 1; 0 where either knows one class only.</summary>
    public MetricInterval Matthews { get; }

    /// <summary>The area under the ROC curve: 0.5 for guessing, 1 at best; NaN where a class that it needs has no row.</summary>
    public MetricInterval RocAuc { get; }

    /// <summary>The average precision: the precision at each score of a row of the class, averaged; not interpolated.</summary>
    public MetricInterval AveragePrecision { get; }

    /// <summary>The mean of -ln of the true class's probability, in nats; probabilities are kept 2.2e-16 away from 0 and 1.</summary>
    public MetricInterval LogLoss { get; }

    /// <summary>The mean over the rows of the squared errors of the probabilities, added up over the classes: from 0 to 2.</summary>
    public MetricInterval Brier { get; }

    /// <summary>
    /// The expected calibration error: how far confidence and accuracy lie apart on average, over 15 bins of equal width of the
    /// predicted class's probability. A resample adds noise to every bin, so that the interval of a well calibrated model lies
    /// above the value.
    /// </summary>
    public MetricInterval CalibrationError { get; }

    /// <summary>The mean probability of the predicted class; above the accuracy where the model is too sure of itself.</summary>
    public double MeanConfidence { get; }

    /// <summary>The accuracy of always answering the most frequent class: what any model must beat.</summary>
    public double MajorityAccuracy { get; }

    /// <summary>The classes in the order of the labels.</summary>
    public IReadOnlyList<SentimentClassMetrics> Classes { get; }

    /// <summary>How many rows of class i (the outer list) were predicted as class j (the inner one).</summary>
    public IReadOnlyList<IReadOnlyList<int>> Confusion { get; }

    /// <summary>Whether some class has much more or much less than its share, so that accuracy hides how the small ones fare.</summary>
    internal bool IsUnbalanced
    {
        get
        {
            double even = RowCount / (double)Classes.Count;
            return Classes.Max(c => c.Support) >= 1.4 * even || Classes.Min(c => c.Support) <= 0.6 * even;
        }
    }

    /// <summary>Evaluates logits; the probabilities are their softmax.</summary>
    /// <param name="labels">The true class of each row, from 0.</param>
    /// <param name="logits">The scores of each row, one a class. [rows][classes]</param>
    /// <param name="labelNames">The classes' names; at least two.</param>
    /// <param name="resamples">How often the rows are drawn anew for the intervals; 0 for none. The default value is 1,000.</param>
    /// <param name="seed">What the draws start from: the same seed gives the same intervals on any machine.</param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentException">There are no rows, the lengths differ, a label is out of range, or a logit is not finite.</exception>
    public static SentimentMetrics FromLogits(int[] labels, double[][] logits, string[] labelNames, int resamples = DefaultResamples, int seed = 0) =>
        FromRows(ScoredRows.FromLogits(labels, logits, labelNames), resamples, seed);

    /// <summary>Evaluates probabilities.</summary>
    /// <param name="labels">The true class of each row, from 0.</param>
    /// <param name="probabilities">The probabilities of each row, one a class, adding up to 1. [rows][classes]</param>
    /// <param name="labelNames">The classes' names; at least two.</param>
    /// <param name="resamples">How often the rows are drawn anew for the intervals; 0 for none. The default value is 1,000.</param>
    /// <param name="seed">What the draws start from: the same seed gives the same intervals on any machine.</param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentException">There are no rows, the lengths differ, a label is out of range, or a row is no distribution.</exception>
    public static SentimentMetrics FromProbabilities(int[] labels, double[][] probabilities, string[] labelNames, int resamples = DefaultResamples, int seed = 0) =>
        FromRows(ScoredRows.FromProbabilities(labels, probabilities, labelNames), resamples, seed);

    internal static SentimentMetrics FromRows(ScoredRows rows, int resamples = DefaultResamples, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(resamples);
        return new SentimentMetrics(rows, Bootstrap.Intervals(new MetricSet(rows), rows.Count, resamples, seed));
    }

    private static int[][] Count(ScoredRows rows)
    {
        int[][] counts = [.. Enumerable.Range(0, rows.ClassCount).Select(_ => new int[rows.ClassCount])];
        for (int row = 0; row < rows.Count; row++)
            counts[rows.Labels[row]][rows.Predictions[row]]++;
        return counts;
    }
}
