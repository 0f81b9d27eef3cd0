using System.Globalization;
using SentimentML.Numerics;

namespace SentimentML.Evaluation;

/// <summary>
/// Rows with their true label and the model's probabilities, checked once: what every metric, curve and list of the
/// evaluation is computed from.
/// </summary>
internal sealed class ScoredRows
{
    private const double LargestLogit = 1e100;
    private const int MostClasses = 4096;

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

    /// <summary>The true class of each row.</summary>
    public int[] Labels { get; }

    /// <summary>The probability of each class, row by row. [rows][classes]</summary>
    public double[][] Probabilities { get; }

    /// <summary>The class with the highest score of each row; the first of them where several are equal.</summary>
    public int[] Predictions { get; }

    /// <summary>The probability of the predicted class of each row.</summary>
    public double[] Confidences { get; }

    /// <summary>The classes' names.</summary>
    public string[] LabelNames { get; }

    public int Count => Labels.Length;

    public int ClassCount => LabelNames.Length;

    public bool IsRight(int row) => Predictions[row] == Labels[row];

    /// <summary>How many rows have each class as their label.</summary>
    public int[] Supports()
    {
        int[] supports = new int[ClassCount];
        foreach (int label in Labels)
            supports[label]++;
        return supports;
    }

    /// <summary>Rows whose probabilities are the softmax of the logits.</summary>
    public static ScoredRows FromLogits(int[] labels, double[][] logits, string[] labelNames)
    {
        Check(labels, logits, labelNames, nameof(logits), score => Math.Abs(score) <= LargestLogit, "a finite number");
        return new ScoredRows(labels, Array.ConvertAll(logits, row => Softmax.Of(row)), Array.ConvertAll(logits, LabelChoice.Of), labelNames);
    }

    /// <summary>Rows whose probabilities are given; each row must add up to 1 within a thousandth.</summary>
    public static ScoredRows FromProbabilities(int[] labels, double[][] probabilities, string[] labelNames)
    {
        Check(labels, probabilities, labelNames, nameof(probabilities), score => score is >= 0 and <= 1 + 1e-6, "a number from 0 to 1");
        for (int row = 0; row < probabilities.Length; row++)
        {
            double sum = probabilities[row].Sum();
            if (Math.Abs(sum - 1) > 1e-3)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Row {row} adds up to {sum}; probabilities add up to 1. Are these logits?"), nameof(probabilities));
            }
        }
        return new ScoredRows(labels, probabilities, Array.ConvertAll(probabilities, LabelChoice.Of), labelNames);
    }

    /// <summary>Throws where labels and scores do not fit each other or hold what they may not.</summary>
    public static void Check(int[] labels, double[][] scores, string[] labelNames, string scoresName, Predicate<double> isAllowed, string allowed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(scores, scoresName);
        ArgumentNullException.ThrowIfNull(labelNames);
        if (labels.Length == 0)
            throw new ArgumentException("There are no rows; a metric needs at least one.", nameof(labels));
        if (scores.Length != labels.Length)
            throw new ArgumentException($"There are {labels.Length} labels and {scores.Length} rows of scores; there must be as many of each.", scoresName);
        if (labelNames.Length is < 2 or > MostClasses)
            throw new ArgumentException($"There must be 2 to {MostClasses} classes; {labelNames.Length} are named.", nameof(labelNames));

        for (int row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)labelNames.Length)
                throw new ArgumentException($"Row {row} has label {labels[row]}; labels go from 0 to {labelNames.Length - 1}.", nameof(labels));
            if (scores[row] is null || scores[row].Length != labelNames.Length)
                throw new ArgumentException($"Row {row} has {scores[row]?.Length ?? 0} scores; there are {labelNames.Length} classes.", scoresName);
            foreach (double score in scores[row])
            {
                if (!isAllowed(score))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Row {row} has the score {score}; it must be {allowed}."), scoresName);
            }
        }
    }

    /// <summary>Throws where labels and logits do not fit each other.</summary>
    public static void CheckLogits(int[] labels, double[][] logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        int classes = logits.Length == 0 ? 2 : logits[0]?.Length ?? 0;
        Check(labels, logits, new string[classes], nameof(logits), score => Math.Abs(score) <= LargestLogit, "a finite number");
    }
}
