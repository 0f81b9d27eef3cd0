namespace SentimentML.Inference;

/// <summary>Which rows are answered together.</summary>
internal static class BatchPlan
{
    /// <summary>
    /// Tokens in a batch on a CPU. Enough for the matrix kernels to work at their full rate, and few enough for a layer's activations
    /// (768 × 3,072 numbers for each worker) to stay in a processor's last cache.
    /// </summary>
    public const int MaxTokens = 768;

    /// <summary>Rows in a batch on a CPU.</summary>
    public const int MaxRows = 256;

    /// <summary>
    /// The last batches are smaller, down to one of this many parts of the largest, so that workers that share them end at about the same time.
    /// </summary>
    private const int PartsOfLargest = 3;

    /// <summary>Rows in a batch on a GPU: as many as a window of texts has.</summary>
    public const int MaxRowsOfGpu = 1024;

    /// <summary>
    /// Batches of row numbers, rows of like length together, the longest and largest first. An engine that pads wastes little so, and one
    /// that does not has few groups of equal length. Only the lengths decide: not how many workers there are.
    /// </summary>
    /// <param name="lengths">Each row's tokens.</param>
    /// <param name="maxTokens">Tokens in a batch; a single longer row is a batch of its own.</param>
    /// <param name="maxRows">Rows in a batch.</param>
    /// <param name="minTokens">Tokens in the last batches. The default value is null: a third of <paramref name="maxTokens"/>.</param>
    /// <param name="countsPadding">Whether tokens are counted as if rows were filled up to their batch's longest. The default value is true.</param>
    public static IEnumerable<int[]> ByLength(IReadOnlyList<int> lengths, int maxTokens = MaxTokens, int maxRows = MaxRows, int? minTokens = null,
        bool countsPadding = true)
    {
        int[] order = [.. Enumerable.Range(0, lengths.Count).OrderByDescending(row => lengths[row])];
        long left = lengths.Sum(length => (long)length);
        for (int at = 0; at < order.Length;)
        {
            long budget = Math.Min(maxTokens, Math.Max(minTokens ?? maxTokens / PartsOfLargest, left / 4));
            int end = at;
            for (long longest = lengths[order[at]], tokens = 0; end < order.Length && end - at < maxRows; end++)
            {
                tokens += countsPadding ? longest : lengths[order[end]];
                if (tokens > budget && end > at)
                    break;
            }
            int[] batch = order[at..end];
            yield return batch;
            at = end;
            left -= batch.Sum(row => (long)lengths[row]);
        }
    }
}
