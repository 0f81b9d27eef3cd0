using SentimentML.Numerics;

namespace SentimentML.Evaluation;

/// <summary>
/// The percentile bootstrap: the rows are drawn again with replacement many times, and the middle 95 % of what a metric is on
/// those draws is its interval. One draw serves every metric.
/// </summary>
internal static class Bootstrap
{
    private const double Lower = 0.025, Upper = 0.975;

    /// <summary>Every metric of <paramref name="set"/> on the rows as they are, with its interval.</summary>
    public static MetricInterval[] Intervals(MetricSet set, int rowCount, int resamples, int seed)
    {
        double[] values = new double[set.Width];
        int[] once = new int[rowCount];
        Array.Fill(once, 1);
        set.Compute(once, values);

        double[][] columns = Resample(set, rowCount, resamples, seed);
        return [.. values.Select((value, metric) => Interval(value, columns[metric]))];
    }

    /// <summary>The number below which a share of the values lies, between two of them by a straight line; NaN of none.</summary>
    public static double Percentile(ReadOnlySpan<double> sorted, double share)
    {
        if (sorted.IsEmpty)
            return double.NaN;
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
    }

    private static double[][] Resample(MetricSet set, int rowCount, int resamples, int seed)
    {
        double[][] columns = [.. Enumerable.Range(0, set.Width).Select(_ => new double[resamples])];
        Parallel.For(0, resamples, () => (Counts: new int[rowCount], Values: new double[set.Width]), (resample, _, scratch) =>
        {
            SplitMix64 random = new(seed, resample);
            Array.Clear(scratch.Counts);
            for (int i = 0; i < rowCount; i++)
                scratch.Counts[random.Next(rowCount)]++;
            set.Compute(scratch.Counts, scratch.Values);
            for (int metric = 0; metric < columns.Length; metric++)
                columns[metric][resample] = scratch.Values[metric];
            return scratch;
        }, _ => { });
        return columns;
    }

    /// <summary>Draws on which the metric is not defined are left out.</summary>
    private static MetricInterval Interval(double value, double[] draws)
    {
        double[] defined = Array.FindAll(draws, draw => !double.IsNaN(draw));
        Array.Sort(defined);
        return new MetricInterval(value, Percentile(defined, Lower), Percentile(defined, Upper));
    }
}
