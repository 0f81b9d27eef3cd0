namespace SentimentML.Evaluation;

/// <summary>
/// The rows from the highest to the lowest probability of one label. Sorted once; the area under the ROC curve and the
/// average precision of any resample are then one walk over the rows, each weighted by how often it was drawn.
/// </summary>
internal sealed class LabelRanking
{
    private readonly int[] _rows;
    private readonly bool[] _isPositive;
    private readonly bool[] _endsTie;

    public LabelRanking(ScoredRows scored, int label)
    {
        double[] keys = new double[scored.Count];
        _rows = new int[scored.Count];
        for (int row = 0; row < _rows.Length; row++)
            (keys[row], _rows[row]) = (-scored.Probabilities[row][label], row);
        Array.Sort(keys, _rows);

        _isPositive = Array.ConvertAll(_rows, row => scored.Labels[row] == label);
        _endsTie = new bool[_rows.Length];
        for (int i = 0; i < _rows.Length; i++)
            _endsTie[i] = i == _rows.Length - 1 || keys[i + 1] != keys[i];
    }

    /// <summary>
    /// The area under the ROC curve (NaN where all rows or none are with the label) and the average precision (0 where none
    /// is), as scikit-learn's roc_auc_score and average_precision_score: equal scores are one threshold.
    /// </summary>
    /// <param name="counts">How often each row was drawn.</param>
    public (double RocAuc, double AveragePrecision) Areas(int[] counts)
    {
        long positives = 0, negatives = 0, tiePositives = 0, tieNegatives = 0;
        double area = 0, precisionSum = 0;
        for (int i = 0; i < _rows.Length; i++)
        {
            int count = counts[_rows[i]];
            if (_isPositive[i])
                tiePositives += count;
            else
                tieNegatives += count;
            if (!_endsTie[i])
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

    /// <summary>
    /// Calls <paramref name="visit"/> at every distinct score from the highest down: rows with the label and other rows so far,
    /// and the row last counted.
    /// </summary>
    public void VisitThresholds(Action<int, int, int> visit)
    {
        int positives = 0, negatives = 0;
        for (int i = 0; i < _rows.Length; i++)
        {
            if (_isPositive[i])
                positives++;
            else
                negatives++;
            if (_endsTie[i])
                visit(positives, negatives, _rows[i]);
        }
    }
}
