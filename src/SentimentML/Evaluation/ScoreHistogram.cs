namespace SentimentML.Evaluation;

/// <summary>How scores are spread over bins of equal width from 0 to 1, in two series.</summary>
/// <param name="Edges">The bins' edges, one more than bins.</param>
/// <param name="Members">Rows of the class, or rows that are right.</param>
/// <param name="Others">All other rows.</param>
internal sealed record ScoreHistogram(IReadOnlyList<double> Edges, IReadOnlyList<int> Members, IReadOnlyList<int> Others)
{
    public const int DefaultBins = 20;

    /// <summary>The probability of one class: on the rows of that class, and on the others.</summary>
    public static ScoreHistogram OfClass(ScoredRows rows, int classIndex, int bins = DefaultBins) =>
        Of(rows.Count, row => rows.Probabilities[row][classIndex], row => rows.Labels[row] == classIndex, bins);

    /// <summary>The probability of the predicted class: on the rows that are right, and on the others.</summary>
    public static ScoreHistogram OfConfidence(ScoredRows rows, int bins = DefaultBins) =>
        Of(rows.Count, row => rows.Confidences[row], rows.IsRight, bins);

    private static ScoreHistogram Of(int rowCount, Func<int, double> score, Predicate<int> isMember, int bins)
    {
        int[] members = new int[bins], others = new int[bins];
        for (int row = 0; row < rowCount; row++)
        {
            int bin = Math.Clamp((int)(score(row) * bins), 0, bins - 1);
            (isMember(row) ? members : others)[bin]++;
        }
        return new ScoreHistogram([.. Enumerable.Range(0, bins + 1).Select(edge => edge / (double)bins)], members, others);
    }
}
