namespace SentimentML.Evaluation;

/// <summary>What a model answers, and how well, when it says "unsure" below a confidence.</summary>
/// <param name="Threshold">The lowest confidence, the probability of the predicted class, that is an answer.</param>
/// <param name="Answered">How many rows are answered.</param>
/// <param name="Coverage">The share of rows that is answered.</param>
/// <param name="Accuracy">The share of the answered rows that is right; NaN where none is answered.</param>
internal sealed record UnsureThreshold(double Threshold, int Answered, double Coverage, double Accuracy)
{
    public const int DefaultPoints = 100;

    /// <summary>Coverage and accuracy at one threshold.</summary>
    public static UnsureThreshold At(ScoredRows rows, double threshold)
    {
        int answered = 0, right = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            if (!(rows.Confidences[row] >= threshold))
                continue;
            answered++;
            right += rows.IsRight(row) ? 1 : 0;
        }
        return new UnsureThreshold(threshold, answered, answered / (double)rows.Count, right / (double)answered);
    }

    /// <summary>From the fewest rows answered to all of them; at most about <paramref name="mostPoints"/>, evenly spread over the coverage.</summary>
    public static UnsureThreshold[] Curve(ScoredRows rows, int mostPoints = DefaultPoints)
    {
        List<UnsureThreshold> points = [];
        int step = Math.Max(1, rows.Count / mostPoints), next = 0;
        foreach (UnsureThreshold point in All(rows))
        {
            if (point.Answered < next && point.Answered < rows.Count)
                continue;
            points.Add(point);
            next = point.Answered + step;
        }
        return [.. points];
    }

    /// <summary>The threshold that answers the most rows with at least this accuracy; null where none does.</summary>
    public static UnsureThreshold? ForAccuracy(ScoredRows rows, double accuracy) => All(rows).LastOrDefault(point => point.Accuracy >= accuracy);

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
                yield return new UnsureThreshold(confidence, i + 1, (i + 1) / (double)rows.Count, right / (i + 1.0));
        }
    }
}
