using System.Globalization;

namespace SentimentML;

/// <summary>A metric and its 95 % interval.</summary>
/// <param name="Value">The metric on the rows themselves. NaN where it is not defined (ROC AUC of a class that no row has).</param>
/// <param name="Low">The 2.5 % percentile of the metric over the bootstrap's resamples; NaN without resamples.</param>
/// <param name="High">The 97.5 % percentile of the metric over the bootstrap's resamples; NaN without resamples.</param>
public readonly record struct MetricInterval(double Value, double Low, double High)
{
    /// <summary>The value and its interval, as in "0.9390 [0.9313, 0.9463]".</summary>
    public override string ToString() => double.IsNaN(Low) || double.IsNaN(High)
        ? Value.ToString("F4", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Value:F4} [{Low:F4}, {High:F4}]");
}
