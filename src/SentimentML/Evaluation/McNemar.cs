using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>
/// McNemar's exact test: whether two models that answered the same rows differ in accuracy by more than chance. Only the rows
/// on which one is right and the other wrong count; if both were equally good, each such row would fall to either side as a coin does.
/// </summary>
public sealed class McNemar
{
    private McNemar(int onlyFirstRight, int onlySecondRight)
    {
        OnlyFirstRight = onlyFirstRight;
        OnlySecondRight = onlySecondRight;
        PValue = TwoSided(Math.Min(onlyFirstRight, onlySecondRight), onlyFirstRight + onlySecondRight);
    }

    /// <summary>How many rows the first model has right and the second wrong.</summary>
    public int OnlyFirstRight { get; }

    /// <summary>How many rows the second model has right and the first wrong.</summary>
    public int OnlySecondRight { get; }

    /// <summary>
    /// How likely a difference this large or larger is if there is none (exact, two-sided): below 0.05 is commonly taken
    /// as a difference. 1 if the models are right on the same rows.
    /// </summary>
    public double PValue { get; }

    /// <summary>Compares two models' predictions of the same rows.</summary>
    /// <param name="labels">The true label of each row. *Shape:* (rows)</param>
    /// <param name="first">The first model's label of each row. *Shape:* (rows)</param>
    /// <param name="second">The second model's label of each row. *Shape:* (rows)</param>
    /// <returns>The test's counts and p-value.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static McNemar Test(IReadOnlyList<int> labels, IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != labels.Count || second.Count != labels.Count)
        {
            throw new ArgumentException(
                $"There are {labels.Count} labels, {first.Count} first and {second.Count} second predictions, expected as many of each.", nameof(labels));
        }
        int onlyFirst = 0, onlySecond = 0;
        for (int row = 0; row < labels.Count; row++)
        {
            bool firstRight = first[row] == labels[row], secondRight = second[row] == labels[row];
            if (firstRight && !secondRight)
                onlyFirst++;
            else if (secondRight && !firstRight)
                onlySecond++;
        }
        return new McNemar(onlyFirst, onlySecond);
    }

    /// <inheritdoc cref="Test(IReadOnlyList{int}, IReadOnlyList{int}, IReadOnlyList{int})" path="/summary|/returns|/exception|/remarks"/>
    /// <param name="labels">The true label of each row, in the order of the predictions' labels. *Shape:* (rows)</param>
    /// <param name="first">The first model's predictions. *Shape:* (rows)</param>
    /// <param name="second">The second model's predictions. *Shape:* (rows)</param>
    public static McNemar Test(IReadOnlyList<int> labels, IReadOnlyList<SentimentPrediction> first, IReadOnlyList<SentimentPrediction> second) =>
        Test(labels, first.Labels(), second.Labels());

    /// <summary>Compares two models' scores of the same rows.</summary>
    /// <param name="first">The first model's scores.</param>
    /// <param name="second">The second model's scores.</param>
    /// <returns>The test's counts and p-value.</returns>
    /// <exception cref="ArgumentException">The rows do not have the same labels.</exception>
    public static McNemar Test(EvaluationRows first, EvaluationRows second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!first.Labels.SequenceEqual(second.Labels))
            throw new ArgumentException("The two models' rows have different labels, expected the same rows in the same order.", nameof(second));
        return Test(first.Labels, first.Predictions, second.Predictions);
    }

    /// <summary>Twice the chance of at most <paramref name="fewer"/> heads among <paramref name="tosses"/>, at most 1.</summary>
    private static double TwoSided(int fewer, int tosses)
    {
        // From the largest term down; each is the one before times k / (tosses - k + 1).
        double term = ChanceOfHeads(fewer, tosses), sum = 0;
        for (int k = fewer; k >= 0 && term > sum * 1e-18; k--)
        {
            sum += term;
            term *= k / (tosses - k + 1.0);
        }
        return Math.Min(1, 2 * sum);
    }

    /// <summary>
    /// The chance of exactly k heads among n tosses, by Loader's saddle-point expansion ("Fast and accurate computation of
    /// binomial probabilities", 2000), which keeps its digits for any n where factorials lose them.
    /// </summary>
    private static double ChanceOfHeads(int k, int n)
    {
        if (k == 0 || k == n)
            return Math.ScaleB(1, -n);
        double rest = n - k;
        double exponent = StirlingError(n) - StirlingError(k) - StirlingError(rest)
            - k * Math.Log(2.0 * k / n) - rest * Math.Log(2.0 * rest / n);
        return Math.Exp(exponent) * Math.Sqrt(n / (2 * Math.PI * k * rest));
    }

    /// <summary>ln n! less Stirling's formula.</summary>
    private static double StirlingError(double n)
    {
        if (n < 16)
        {
            double logFactorial = 0;
            for (int i = 2; i <= n; i++)
                logFactorial += Math.Log(i);
            return logFactorial - (0.5 * Math.Log(2 * Math.PI * n) + n * (Math.Log(n) - 1));
        }
        double square = n * n;
        return (1 / 12.0 - (1 / 360.0 - (1 / 1260.0 - 1 / 1680.0 / square) / square) / square) / n;
    }
}
