namespace SentimentML.Evaluation;

/// <summary>
/// The rows from the highest to the lowest probability of one class. Sorted once; the area under the ROC curve and the
/// average precision of any resample are then one walk over the rows, each weighted by how often it was drawn.
/// </summary>
internal sealed class ClassRanking
{
    private readonly int[] rows;
    private readonly bool[] isPositive;
    private readonly bool[] endsTie;

    public ClassRanking(ScoredRows scored, int classIndex)
    {
        double[] keys = new double[scored.Count];
        rows = new int[scored.Count];
        for (int row = 0; row < rows.Length; row++)
            (keys[row], rows[row]) = (-scored.Probabilities[row][classIndex], row);
        Array.Sort(keys, rows);

        isPositive = Array.ConvertAll(rows, row => scored.Labels[row] == classIndex);
        endsTie = new bool[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            endsTie[i] = i == rows.Length - 1 || keys[i + 1] != keys[i];
    }

    /// <summary>
    /// The area under the ROC curve (NaN where all rows or none are of the class) and the average precision (0 where none
    /// is), as scikit-learn's roc_auc_score and average_precision_score: equal scores are one threshold.
    /// </summary>
    /// <param name="counts">How often each row was drawn.</param>
    public (double RocAuc, double AveragePrecision) Areas(int[] counts)
    {
        long positives = 0, negatives = 0, tiePositives = 0, tieNegatives = 0;
        double area = 0, precisionSum = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            int count = counts[rows[i]];
            if (isPositive[i])
                tiePositives += count;
            else
                tieNegatives += count;
            if (!endsTie[i])
                continue;

            area += tieNegatives * (positives + tiePositives * 0.5);
            positives += tiePositives;
            negatives += tieNegatives;
            if (tiePositives > 0)
                precisionSum += tiePositives * (positives / (double)(positives + negatives));
            tiePositives = tieNegatives = 0;
        }
        double rocAuc = positives == 0 || negatives == 0 ? double.NaN : area / ((double)positives * negatives);
        return (rocAuc, positives == 0 ? 0 : precisionSum / positives);
    }

    /// <summary>Calls <paramref name="visit"/> at every distinct score from the highest down: rows of the class and other rows so far, and the row last counted.</summary>
    public void VisitThresholds(Action<int, int, int> visit)
    {
        int positives = 0, negatives = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (isPositive[i])
                positives++;
            else
                negatives++;
            if (endsTie[i])
                visit(positives, negatives, rows[i]);
        }
    }
}
