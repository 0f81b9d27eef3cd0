using System.Globalization;
using System.Text;

namespace SentimentML.AspNetCore.Observation;

/// <summary>Counts values by buckets, as Prometheus' text format shows them.</summary>
/// <param name="name">The metric's name.</param>
/// <param name="help">What it measures.</param>
/// <param name="bounds">The buckets' upper bounds, ascending.</param>
internal sealed class PrometheusHistogram(string name, string help, double[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private readonly Lock _lock = new();
    private double _sum;

    /// <summary>Bounds that grow by a factor.</summary>
    public static double[] Growing(double first, double factor, int count) => [.. Enumerable.Range(0, count).Select(power => first * Math.Pow(factor, power))];

    public void Record(double value)
    {
        int bucket = Array.BinarySearch(bounds, value);
        lock (_lock)
        {
            _counts[bucket < 0 ? ~bucket : bucket]++;
            _sum += value;
        }
    }

    public void WriteTo(StringBuilder text)
    {
        long[] counts;
        double sum;
        lock (_lock)
        {
            counts = [.. _counts];
            sum = _sum;
        }
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} histogram\n");
        long total = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            string bound = i < bounds.Length ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"{bound}\"}} {total}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"{name}_sum {sum:R}\n{name}_count {total}\n");
    }
}
