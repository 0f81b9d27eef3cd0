namespace SentimentML.Tool.Training;

/// <summary>Which part of a cross-validation each row is in.</summary>
internal static class Folds
{
    /// <summary>
    /// Deals each label's rows, in an order drawn by the seed, to one fold after the other, so that every fold has the labels
    /// in the same shares; where one label ends the next goes on, so that the folds are of one size.
    /// </summary>
    /// <param name="labels">Each row's label.</param>
    /// <param name="folds">How many folds.</param>
    /// <param name="seed">What the draw comes from.</param>
    /// <returns>Each row's fold, counted from 0.</returns>
    public static int[] Deal(IReadOnlyList<int> labels, int folds, int seed)
    {
        var random = new Random(seed);
        int[] foldOf = new int[labels.Count];
        int dealt = 0;
        foreach (IGrouping<int, int> label in Enumerable.Range(0, labels.Count).GroupBy(row => labels[row]).OrderBy(label => label.Key))
        {
            int[] rows = [.. label];
            random.Shuffle(rows);
            foreach (int row in rows)
                foldOf[row] = dealt++ % folds;
        }
        return foldOf;
    }
}
