namespace SentimentML.Evaluation;

/// <summary>The ROC and the precision-recall curve of one label against the rest, thinned for drawing.</summary>
internal static class Curves
{
    public const int DefaultPoints = 200;

    /// <summary>From (0, 0) to (1, 1); empty if all rows or none have the label.</summary>
    public static CurvePoint[] Roc(ScoredRows rows, int label, int maxPoints = DefaultPoints)
    {
        int support = rows.Labels.Count(own => own == label), rest = rows.Count - support;
        if (support == 0 || rest == 0)
            return [];
        List<CurvePoint> points = [new(0, 0, double.PositiveInfinity)];
        new LabelRanking(rows, label).VisitThresholds((positives, negatives, row) =>
            points.Add(new(negatives / (double)rest, positives / (double)support, rows.Probabilities[row][label])));
        return Thin(points, maxPoints);
    }

    /// <summary>From recall 0, where the precision is taken as 1, to recall 1; empty if no row has the label.</summary>
    public static CurvePoint[] PrecisionRecall(ScoredRows rows, int label, int maxPoints = DefaultPoints)
    {
        int support = rows.Labels.Count(own => own == label);
        if (support == 0)
            return [];
        List<CurvePoint> points = [new(0, 1, double.PositiveInfinity)];
        new LabelRanking(rows, label).VisitThresholds((positives, negatives, row) =>
            points.Add(new(positives / (double)support, positives / (double)(positives + negatives), rows.Probabilities[row][label])));
        return Thin(points, maxPoints);
    }

    /// <summary>
    /// Visvalingam and Whyatt's simplification: again and again the point is left out whose triangle with its two neighbours is
    /// the smallest, which changes the area under the curve least.
    /// </summary>
    public static CurvePoint[] Thin(IReadOnlyList<CurvePoint> points, int maxPoints)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPoints, 2);
        int count = points.Count, left = count;
        int[] before = [.. Enumerable.Range(-1, count)], after = [.. Enumerable.Range(1, count)];
        double[] areas = new double[count];
        PriorityQueue<int, (double Area, int Index)> queue = new();
        for (int i = 1; i < count - 1; i++)
            Enqueue(i);

        while (queue.TryDequeue(out int index, out (double Area, int) key))
        {
            if (key.Area != areas[index])
                continue;
            if (left <= maxPoints && key.Area > 0)
                break;
            (after[before[index]], before[after[index]]) = (after[index], before[index]);
            areas[index] = double.NaN;
            left--;
            if (before[index] > 0)
                Enqueue(before[index]);
            if (after[index] < count - 1)
                Enqueue(after[index]);
        }
        return [.. Enumerable.Range(0, count).Where(i => !double.IsNaN(areas[i])).Select(i => points[i])];

        void Enqueue(int index)
        {
            areas[index] = Triangle(points[before[index]], points[index], points[after[index]]);
            queue.Enqueue(index, (areas[index], index));
        }
    }

    private static double Triangle(CurvePoint a, CurvePoint b, CurvePoint c) => Math.Abs((b.X - a.X) * (c.Y - a.Y) - (c.X - a.X) * (b.Y - a.Y)) / 2;
}
