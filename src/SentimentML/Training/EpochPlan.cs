namespace SentimentML.Training;

/// <summary>Which rows each step of an epoch sees: a function of the recipe and the epoch alone, so that a run can be resumed anywhere.</summary>
internal static class EpochPlan
{
    /// <summary>
    /// Batches whose rows are sorted by length together, at most (as many as transformers takes), and the least number of such
    /// pieces in an epoch: enough for little padding, and few enough that a batch is still drawn from all rows and not always
    /// of the same ones.
    /// </summary>
    private const int SortedBatches = 50, Pieces = 4;

    /// <summary>For each step, its batches of row numbers; every row is in one of them.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="lengths">Each row's tokens.</param>
    /// <param name="epoch">The epoch, counted from 0.</param>
    public static int[][][] Steps(TrainingRecipe recipe, IReadOnlyList<int> lengths, int epoch)
    {
        int[] order = [.. Enumerable.Range(0, lengths.Count)];
        if (!recipe.Shuffle)
            return [.. order.Chunk(recipe.BatchSize).Chunk(recipe.GradientAccumulation)];
        var random = new Random(unchecked(recipe.Seed * 1_000_003 + epoch));
        random.Shuffle(order);
        int[][] batches = recipe.GroupByLength ? ByLength(order, lengths, recipe.BatchSize, random) : [.. order.Chunk(recipe.BatchSize)];
        return [.. batches.Chunk(recipe.GradientAccumulation)];
    }

    /// <summary>
    /// As transformers' LengthGroupedSampler: pieces of the shuffled rows are sorted by length and cut into batches. The
    /// batches then come in random order, but for the longest, which comes first, so that memory is at its peak at once.
    /// </summary>
    private static int[][] ByLength(int[] shuffled, IReadOnlyList<int> lengths, int batchSize, Random random)
    {
        int sorted = batchSize * (int)Math.Clamp(shuffled.Length / ((long)batchSize * Pieces), 1, SortedBatches);
        int[][] batches = [.. shuffled.Chunk(sorted).SelectMany(piece => piece.OrderByDescending(row => lengths[row]).Chunk(batchSize))];
        random.Shuffle(batches);
        int longest = Array.IndexOf(batches, batches.MaxBy(batch => batch.Max(row => lengths[row])));
        (batches[0], batches[longest]) = (batches[longest], batches[0]);
        return batches;
    }
}
