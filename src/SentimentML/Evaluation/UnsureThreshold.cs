using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>What a model answers, and how well, if it says "unsure" below a confidence.</summary>
public sealed record UnsureThreshold
{
    internal const int DefaultPoints = 100;

    private UnsureThreshold(double threshold, int answered, int right, int rows)
    {
        Threshold = threshold;
        Answered = answered;
        Coverage = answered / (double)rows;
        Accuracy = right / (double)answered;
    }

    /// <summary>
    /// The lowest confidence, the probability of the predicted label, that is an answer
    /// (<see cref="SentimentClassifierOptions.UnsureBelow"/>).
    /// </summary>
    public double Threshold { get; }

    /// <summary>The number of rows that are answered.</summary>
    public int Answered { get; }

    /// <summary>The share of rows that is answered.</summary>
    public double Coverage { get; }

    /// <summary>The share of the answered rows that is right; NaN if none is answered.</summary>
    public double Accuracy { get; }

    /// <summary>Coverage and accuracy at one threshold.</summary>
    internal static UnsureThreshold At(ScoredRows rows, double threshold)
    {
        int answered = 0, right = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            if (!(rows.Confidences[row] >= threshold))
                continue;
            answered++;
            right += rows.IsRight(row) ? 1 : 0;
        }
        return new UnsureThreshold(threshold, answered, right, rows.Count);
    }

    /// <summary>From the fewest rows answered to all of them; at most about <paramref name="maxPoints"/>, evenly spread over the coverage.</summary>
    internal static UnsureThreshold[] Curve(ScoredRows rows, int maxPoints = DefaultPoints)
    {
        List<UnsureThreshold> points = [];
        int step = Math.Max(1, rows.Count / maxPoints), next = 0;
        foreach (UnsureThreshold point in All(rows))
        {
            if (point.Answered < next && point.Answered < rows.Count)
                continue;
            points.Add(point);
            next = point.Answered + step;
        }
        return [.. points];
    }

    /// <summary>The threshold that answers the most rows with at least this accuracy; null if none does.</summary>
    internal static UnsureThreshold? ForAccuracy(ScoredRows rows, double accuracy) => All(rows).LastOrDefault(point => point.Accuracy >= accuracy);

    /// <summary>Every distinct confidence as a threshold, from the highest down.</summary>
    private static IEnumerable<UnsureThreshold> All(ScoredRows rows)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderByDescending(row => rows.Confidences[row])];
        int right = 0;
        for (int i = 0; i < order.Length; i++)
        {
            right += rows.IsRight(order[i]) ? 1 : 0;
            double confidence = rows.Confidences[order[i]];
            if (i == order.Length - 1 || rows.Confidences[order[i + 1]] != confidence)
                yield return new UnsureThreshold(confidence, i + 1, right, rows.Count);
        }
    }
}
