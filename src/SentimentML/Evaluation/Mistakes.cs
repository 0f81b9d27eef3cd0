namespace SentimentML.Evaluation;

/// <summary>Which rows a person should read: where the model is most wrong, and where the label may be.</summary>
internal static class Mistakes
{
    /// <summary>The wrong rows, those first whose true label got the lowest probability.</summary>
    public static int[] Worst(ScoredRows rows, int max) =>
        [.. Enumerable.Range(0, rows.Count)
            .Where(row => !rows.IsRight(row))
            .OrderBy(row => rows.Probabilities[row][rows.Labels[row]])
            .ThenBy(row => row)
            .Take(max)];

    /// <summary>
    /// Rows whose label is probably wrong, by confident learning (Northcutt et al., 2021): the model contradicts the label and
    /// gives its own answer at least the probability that rows so labelled get on average. The widest contradiction first.
    /// Only rows that the model was not trained on tell.
    /// </summary>
    public static SuspectLabel[] ProbableLabelErrors(ScoredRows rows, int max)
    {
        double[] usual = new double[rows.LabelCount];
        for (int row = 0; row < rows.Count; row++)
            usual[rows.Labels[row]] += rows.Probabilities[row][rows.Labels[row]];
        int[] supports = rows.Supports();
        for (int c = 0; c < usual.Length; c++)
            usual[c] /= supports[c];

        return [.. Enumerable.Range(0, rows.Count)
            .Where(row => !rows.IsRight(row) && rows.Confidences[row] >= usual[rows.Predictions[row]])
            .OrderByDescending(row => rows.Confidences[row] - rows.Probabilities[row][rows.Labels[row]])
            .ThenBy(row => row)
            .Take(max)
            .Select(row => new SuspectLabel(row, rows.Labels[row], rows.Predictions[row], rows.Confidences[row]))];
    }
}
