using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>How the probability of the predicted label is spread over bins of equal width from 0 to 1.</summary>
public sealed class ScoreHistogram
{
    internal const int DefaultBins = 20;

    internal ScoreHistogram(ScoredRows rows, int bins = DefaultBins)
    {
        int[] right = new int[bins], wrong = new int[bins];
        for (int row = 0; row < rows.Count; row++)
        {
            int bin = Math.Clamp((int)(rows.Confidences[row] * bins), 0, bins - 1);
            (rows.IsRight(row) ? right : wrong)[bin]++;
        }
        (Right, Wrong) = (right, wrong);
        Edges = [.. Enumerable.Range(0, bins + 1).Select(edge => edge / (double)bins)];
    }

    /// <summary>The bins' edges, one more than bins.</summary>
    public IReadOnlyList<double> Edges { get; }

    /// <summary>The number of rows in each bin that are right.</summary>
    public IReadOnlyList<int> Right { get; }

    /// <summary>The number of rows in each bin that are wrong.</summary>
    public IReadOnlyList<int> Wrong { get; }
}
