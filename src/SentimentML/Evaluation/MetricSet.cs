namespace SentimentML.Evaluation;

/// <summary>
/// Every scalar metric of a set of rows, each row weighted by how often it was drawn, written into one array: first those of
/// the whole, then <see cref="PerLabel"/> for each label. What depends on a row alone is computed once and shared by all resamples.
/// </summary>
internal sealed class MetricSet
{
    public const int Accuracy = 0, MacroF1 = 1, WeightedF1 = 2, Matthews = 3, RocAuc = 4, AveragePrecision = 5, LogLoss = 6, Brier = 7, CalibrationError = 8;
    public const int Precision = 0, Recall = 1, F1 = 2, LabelRocAuc = 3, LabelAveragePrecision = 4;
    public const int CalibrationBins = 15;

    /// <summary>The label whose ROC curve is the curve of two labels.</summary>
    private const int PositiveLabel = 1;

    /// <summary>The number of metrics of all rows, and of each label.</summary>
    public static readonly int Overall = SentimentMetric.Overall.Count, PerLabel = SentimentMetric.PerLabel.Count;

    private readonly ScoredRows _rows;
    private readonly LabelRanking[] _rankings;

    /// <summary>The labels that have rows: of the others no ranking says anything.</summary>
    private readonly int[] _present;
    private readonly int[] _cells;
    private readonly int[] _bins;
    private readonly double[] _losses;
    private readonly double[] _squares;

    public MetricSet(ScoredRows rows)
    {
        _rows = rows;
        _rankings = [.. Enumerable.Range(0, _rows.LabelCount).Select(c => new LabelRanking(_rows, c))];
        int[] supports = _rows.Supports();
        _present = [.. Enumerable.Range(0, supports.Length).Where(label => supports[label] > 0)];
        _cells = new int[_rows.Count];
        _bins = new int[_rows.Count];
        _losses = new double[_rows.Count];
        _squares = new double[_rows.Count];
        for (int row = 0; row < _rows.Count; row++)
        {
            _cells[row] = _rows.Labels[row] * _rows.LabelCount + _rows.Predictions[row];
            _bins[row] = BinOf(_rows.Confidences[row]);
            _losses[row] = RowLoss(_rows.Probabilities[row][_rows.Labels[row]]);
            _squares[row] = SquaredError(_rows.Probabilities[row], _rows.Labels[row]);
        }
    }

    /// <summary>The number of metrics.</summary>
    public int Width => Overall + PerLabel * _rows.LabelCount;

    /// <summary>The place of a label's metric.</summary>
    public static int At(int label, int metric = 0) => Overall + PerLabel * label + metric;

    /// <summary>The loss of a row, as scikit-learn's log_loss: the probability kept the machine's epsilon away from 0 and 1.</summary>
    public static double RowLoss(double probabilityOfLabel) => -Math.Log(Math.Clamp(probabilityOfLabel, Math.ScaleB(1, -52), 1 - Math.ScaleB(1, -52)));

    /// <summary>The bin of a confidence among 15 of equal width, each open below and closed above.</summary>
    public static int BinOf(double confidence)
    {
        // The edges are products, as numpy.linspace has them, so that a confidence on an edge falls where the reference puts it.
        int bin = Math.Clamp((int)(confidence * CalibrationBins), 0, CalibrationBins - 1);
        while (bin > 0 && confidence <= bin * (1.0 / CalibrationBins))
            bin--;
        while (bin < CalibrationBins - 1 && confidence > (bin + 1) * (1.0 / CalibrationBins))
            bin++;
        return bin;
    }

    /// <summary>Computes every metric.</summary>
    /// <param name="counts">How often each row was drawn.</param>
    /// <param name="result">Gets <see cref="Width"/> numbers.</param>
    public void Compute(int[] counts, Span<double> result)
    {
        int classes = _rows.LabelCount;
        Span<long> confusion = classes <= 32 ? stackalloc long[classes * classes] : new long[classes * classes];
        Span<double> binGaps = stackalloc double[CalibrationBins];
        confusion.Clear();
        binGaps.Clear();
        double loss = 0, squared = 0;
        long total = 0;
        for (int row = 0; row < counts.Length; row++)
        {
            int count = counts[row];
            if (count == 0)
                continue;
            total += count;
            confusion[_cells[row]] += count;
            loss += count * _losses[row];
            squared += count * _squares[row];
            binGaps[_bins[row]] += count * ((_rows.IsRight(row) ? 1 : 0) - _rows.Confidences[row]);
        }

        result[LogLoss] = loss / total;
        result[Brier] = squared / total;
        result[CalibrationError] = AbsoluteSum(binGaps) / total;
        FromConfusion(confusion, total, result);
        FromRankings(counts, result);
    }

    private static double SquaredError(double[] probabilities, int label)
    {
        double sum = 0;
        for (int c = 0; c < probabilities.Length; c++)
        {
            double error = probabilities[c] - (c == label ? 1 : 0);
            sum += error * error;
        }
        return sum;
    }

    private static double AbsoluteSum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += Math.Abs(value);
        return sum;
    }

    private void FromConfusion(ReadOnlySpan<long> confusion, long total, Span<double> result)
    {
        int classes = _rows.LabelCount, occurring = 0;
        double right = 0, macro = 0, weighted = 0, chance = 0, trueSquares = 0, predictedSquares = 0;
        for (int c = 0; c < classes; c++)
        {
            long support = 0, predicted = 0, hits = confusion[c * classes + c];
            for (int other = 0; other < classes; other++)
            {
                support += confusion[c * classes + other];
                predicted += confusion[other * classes + c];
            }
            double f1 = Ratio(2 * hits, support + predicted);
            result[At(c, Precision)] = Ratio(hits, predicted);
            result[At(c, Recall)] = Ratio(hits, support);
            result[At(c, F1)] = f1;

            right += hits;
            macro += f1;
            weighted += f1 * support;
            occurring += support + predicted > 0 ? 1 : 0;
            chance += (double)support * predicted;
            trueSquares += (double)support * support;
            predictedSquares += (double)predicted * predicted;
        }
        double square = (double)total * total;
        double spread = (square - predictedSquares) * (square - trueSquares);
        result[Accuracy] = right / total;
        result[MacroF1] = macro / occurring;
        result[WeightedF1] = weighted / total;
        result[Matthews] = spread == 0 ? 0 : (right * total - chance) / Math.Sqrt(spread);
    }

    private void FromRankings(int[] counts, Span<double> result)
    {
        for (int c = 0; c < _rankings.Length; c++)
            (result[At(c, LabelRocAuc)], result[At(c, LabelAveragePrecision)]) = _rankings[c].Areas(counts);
        double rocSum = 0, precisionSum = 0;
        foreach (int c in _present)
        {
            rocSum += result[At(c, LabelRocAuc)];
            precisionSum += result[At(c, LabelAveragePrecision)];
        }
        bool isBinary = _rankings.Length == 2;
        result[RocAuc] = isBinary ? result[At(PositiveLabel, LabelRocAuc)] : rocSum / _present.Length;
        result[AveragePrecision] = isBinary ? result[At(PositiveLabel, LabelAveragePrecision)] : precisionSum / _present.Length;
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}
