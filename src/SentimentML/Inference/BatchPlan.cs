namespace SentimentML.Inference;

/// <summary>Which rows are answered together.</summary>
internal static class BatchPlan
{
    /// <summary>
    /// Tokens in a batch. Enough for the matrix kernels to work at their full rate, and few enough for a layer's activations
    /// (2,048 × 3,072 numbers) to stay in a processor's last cache.
    /// </summary>
    public const int MaxTokens = 2048;

    /// <summary>Rows in a batch.</summary>
    public const int MaxRows = 256;

    /// <summary>
    /// Batches of row numbers, rows of like length together, the longest first, so that memory is at its peak at once and
    /// not at the end. An engine that pads wastes little so, and one that does not has few groups of equal length.
    /// </summary>
    /// <param name="lengths">Each row's tokens.</param>
    /// <param name="maxTokens">Tokens in a batch, counted as if padded; a single longer row is a batch of its own.</param>
    /// <param name="maxRows">Rows in a batch.</param>
    public static IEnumerable<int[]> ByLength(IReadOnlyList<int> lengths, int maxTokens = MaxTokens, int maxRows = MaxRows)
    {
        int[] order = [.. Enumerable.Range(0, lengths.Count).OrderByDescending(row => lengths[row])];
        for (int at = 0; at < order.Length;)
        {
            int longest = Math.Max(1, lengths[order[at]]);
            int rows = Math.Clamp(maxTokens / longest, 1, Math.Min(maxRows, order.Length - at));
            yield return order[at..(at + rows)];
            at += rows;
        }
    }
}
