namespace SentimentML.Inference;

/// <summary>Puts rows of like length together, so that little of a batch is padding.</summary>
internal static class BatchPlan
{
    /// <summary>Batches of row numbers, the longest rows first, so that memory is at its peak at once and not at the end.</summary>
    /// <param name="lengths">Each row's tokens.</param>
    /// <param name="maxTokens">Tokens in a batch, padding included; a single longer row is a batch of its own.</param>
    /// <param name="maxRows">Rows in a batch.</param>
    public static IEnumerable<int[]> ByLength(IReadOnlyList<int> lengths, int maxTokens, int maxRows)
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
