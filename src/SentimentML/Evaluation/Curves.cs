namespace SentimentML.Evaluation;

/// <summary>The ROC and the precision-recall curve of one class against the rest, thinned for drawing.</summary>
internal static class Curves
{
    public const int DefaultPoints = 200;

    /// <summary>From (0, 0) to (1, 1); empty where all rows or none are of the class.</summary>
    public static CurvePoint[] Roc(ScoredRows rows, int classIndex, int mostPoints = DefaultPoints)
    {
        int support = rows.Labels.Count(label => label == classIndex), rest = rows.Count - support;
        if (support == 0 || rest == 0)
            return [];
        List<CurvePoint> points = [new(0, 0, double.PositiveInfinity)];
        new ClassRanking(rows, classIndex).VisitThresholds((positives, negatives, row) =>
            points.Add(new(negatives / (double)rest, positives / (double)support, rows.Probabilities[row][classIndex])));
        return Thin(points, mostPoints);
    }

    /// <summary>From recall 0, where the precision is taken as 1, to recall 1; empty where no row is of the class.</summary>
    public static CurvePoint[] PrecisionRecall(ScoredRows rows, int classIndex, int mostPoints = DefaultPoints)
    {
        int support = rows.Labels.Count(label => label == classIndex);
        if (support == 0)
            return [];
        List<CurvePoint> points = [new(0, 1, double.PositiveInfinity)];
        new ClassRanking(rows, classIndex).VisitThresholds((positives, negatives, row) =>
            points.Add(new(positives / (double)support, positives / (double)(positives + negatives), rows.Probabilities[row][classIndex])));
        return Thin(points, mostPoints);
    }

    /// <summary>
    /// Visvalingam and Whyatt's simplification: again and again the point is left out whose triangle with its two neighbours is
    /// the smallest, which changes the area under the curve least.
    /// </summary>
    public static CurvePoint[] Thin(IReadOnlyList<CurvePoint> points, int mostPoints)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostPoints, 2);
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
            if (left <= mostPoints && key.Area > 0)
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
