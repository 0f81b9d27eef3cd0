namespace SentimentML.Numerics;

/// <summary>exp(x) over the sum of exp(x); the largest is subtracted first, so that no exponential overflows.</summary>
internal static class Softmax
{
    private const int StackLabels = 64;

    /// <summary>The probabilities of a row of logits.</summary>
    /// <param name="logits">A logit for each label.</param>
    /// <param name="temperature">What the logits are divided by. The default value is 1.</param>
    public static double[] Of(ReadOnlySpan<double> logits, double temperature = 1)
    {
        double[] probabilities = [.. logits];
        InPlace(probabilities, temperature);
        return probabilities;
    }

    /// <summary>The probabilities of a row of logits, computed in double precision and rounded at the end.</summary>
    /// <inheritdoc cref="Of(ReadOnlySpan{double}, double)"/>
    public static float[] Of(ReadOnlySpan<float> logits, double temperature = 1)
    {
        Span<double> exact = logits.Length <= StackLabels ? stackalloc double[logits.Length] : new double[logits.Length];
        for (int i = 0; i < logits.Length; i++)
            exact[i] = logits[i];
        InPlace(exact, temperature);
        float[] probabilities = new float[logits.Length];
        for (int i = 0; i < probabilities.Length; i++)
            probabilities[i] = (float)exact[i];
        return probabilities;
    }

    private static void InPlace(Span<double> row, double temperature)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double logit in row)
            largest = Math.Max(largest, logit);
        for (int i = 0; i < row.Length; i++)
            sum += row[i] = Math.Exp((row[i] - largest) / temperature);
        for (int i = 0; i < row.Length; i++)
            row[i] /= sum;
    }
}
