using System.Globalization;
using SentimentML.Numerics;

namespace SentimentML.Evaluation;

/// <summary>
/// Rows with their true label and the model's probabilities, checked once: what every metric, curve and list of the
/// evaluation is computed from.
/// </summary>
internal sealed class ScoredRows
{
    private const double MaxLogit = 1e100;
    private const int MaxLabels = 4096;

    private ScoredRows(int[] labels, double[][] probabilities, int[] predictions, string[] labelNames)
    {
        Labels = labels;
        Probabilities = probabilities;
        Predictions = predictions;
        LabelNames = labelNames;
        Confidences = new double[labels.Length];
        for (int row = 0; row < labels.Length; row++)
            Confidences[row] = probabilities[row][predictions[row]];
    }

    /// <summary>The true label of each row.</summary>
    public int[] Labels { get; }

    /// <summary>The probability of each label. [rows][labels]</summary>
    public double[][] Probabilities { get; }

    /// <summary>The predicted label of each row: as given, else the one with the highest score, the first of equals.</summary>
    public int[] Predictions { get; }

    /// <summary>The probability of the predicted label of each row.</summary>
    public double[] Confidences { get; }

    /// <summary>The labels' names.</summary>
    public string[] LabelNames { get; }

    public int Count => Labels.Length;

    public int LabelCount => LabelNames.Length;

    public bool IsRight(int row) => Predictions[row] == Labels[row];

    /// <summary>The number of rows with each label.</summary>
    public int[] Supports()
    {
        int[] supports = new int[LabelCount];
        foreach (int label in Labels)
            supports[label]++;
        return supports;
    }

    /// <summary>The rows of an evaluation, with the labels that its model predicted.</summary>
    public static ScoredRows Of(EvaluationRows rows) => FromLogits(rows.Labels, rows.Logits, rows.LabelNames, rows.GivenPredictions);

    /// <summary>Rows whose probabilities are the softmax of the logits.</summary>
    /// <param name="labels">The true label of each row.</param>
    /// <param name="logits">The scores of each row.</param>
    /// <param name="labelNames">The labels' names.</param>
    /// <param name="predictions">The predicted label of each row; null for the one with the highest score.</param>
    public static ScoredRows FromLogits(
        IReadOnlyList<int> labels, IReadOnlyList<IReadOnlyList<double>> logits, IReadOnlyList<string> labelNames, IReadOnlyList<int>? predictions = null)
    {
        double[][] scores = Checked(labels, logits, labelNames, nameof(logits), score => Math.Abs(score) <= MaxLogit, "a finite number");
        return new ScoredRows([.. labels], Array.ConvertAll(scores, row => Softmax.Of(row)), Predicted(scores, predictions), [.. labelNames]);
    }

    /// <summary>Rows whose probabilities are given; each row must add up to 1 within a thousandth.</summary>
    public static ScoredRows FromProbabilities(
        IReadOnlyList<int> labels, IReadOnlyList<IReadOnlyList<double>> probabilities, IReadOnlyList<string> labelNames, IReadOnlyList<int>? predictions = null)
    {
        double[][] scores = Checked(labels, probabilities, labelNames, nameof(probabilities), score => score is >= 0 and <= 1 + 1e-6, "a number from 0 to 1");
        for (int row = 0; row < scores.Length; row++)
        {
            double sum = scores[row].Sum();
            if (Math.Abs(sum - 1) > 1e-3)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Row {row} adds up to {sum}, expected probabilities that add up to 1. Are these logits?"), nameof(probabilities));
            }
        }
        return new ScoredRows([.. labels], scores, Predicted(scores, predictions), [.. labelNames]);
    }

    /// <summary>The logits as arrays, after a check that they fit the labels.</summary>
    /// <exception cref="ArgumentException">They do not, or a logit is not finite.</exception>
    public static double[][] CheckedLogits(IReadOnlyList<int> labels, IReadOnlyList<IReadOnlyList<double>> logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        int count = logits.Count == 0 ? 2 : logits[0]?.Count ?? 0;
        return Checked(labels, logits, new string[count], nameof(logits), score => Math.Abs(score) <= MaxLogit, "a finite number");
    }

    private static int[] Predicted(double[][] scores, IReadOnlyList<int>? predictions)
    {
        if (predictions is null)
            return Array.ConvertAll(scores, LabelChoice.Of);
        if (predictions.Count != scores.Length)
            throw new ArgumentException($"There are {scores.Length} rows and {predictions.Count} predictions, expected as many of each.", nameof(predictions));
        for (int row = 0; row < scores.Length; row++)
        {
            if ((uint)predictions[row] >= (uint)scores[row].Length)
                throw new ArgumentException($"Row {row} has the prediction {predictions[row]}, expected 0 to {scores[row].Length - 1}.", nameof(predictions));
        }
        return [.. predictions];
    }

    private static double[][] Checked(
        IReadOnlyList<int> labels, IReadOnlyList<IReadOnlyList<double>> scores, IReadOnlyList<string> labelNames, string scoresName,
        Predicate<double> isAllowed, string allowed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(scores, scoresName);
        ArgumentNullException.ThrowIfNull(labelNames);
        if (labels.Count == 0)
            throw new ArgumentException("There are no rows, expected at least one.", nameof(labels));
        if (scores.Count != labels.Count)
            throw new ArgumentException($"There are {labels.Count} labels and {scores.Count} rows of scores, expected as many of each.", scoresName);
        if (labelNames.Count is < 2 or > MaxLabels)
            throw new ArgumentException($"{labelNames.Count} labels are named, expected 2 to {MaxLabels}.", nameof(labelNames));

        double[][] rows = new double[labels.Count][];
        for (int row = 0; row < rows.Length; row++)
        {
            if ((uint)labels[row] >= (uint)labelNames.Count)
                throw new ArgumentException($"Row {row} has label {labels[row]}, expected 0 to {labelNames.Count - 1}.", nameof(labels));
            if (scores[row] is null || scores[row].Count != labelNames.Count)
                throw new ArgumentException(
                    $"Row {row} has {scores[row]?.Count ?? 0} scores, expected one for each of the {labelNames.Count} labels.", scoresName);
            rows[row] = [.. scores[row]];
            foreach (double score in rows[row])
            {
                if (!isAllowed(score))
                    throw new ArgumentException(
                        string.Create(CultureInfo.InvariantCulture, $"Row {row} has the score {score}, expected {allowed}."), scoresName);
            }
        }
        return rows;
    }
}
