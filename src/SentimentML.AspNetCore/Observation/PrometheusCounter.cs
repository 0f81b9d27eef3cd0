using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace SentimentML.AspNetCore.Observation;

/// <summary>Counts events, by one label or by none, as Prometheus' text format shows them.</summary>
/// <param name="name">The metric's name.</param>
/// <param name="help">What it counts.</param>
/// <param name="label">The label's name. The default value is null: none.</param>
internal sealed class PrometheusCounter(string name, string help, string? label = null)
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <param name="value">The label's value; one of a few words.</param>
    /// <param name="count">How much is added. The default value is 1.</param>
    public void Add(string value = "", long count = 1) => _counts.AddOrUpdate(value, count, (_, before) => before + count);

    public void WriteTo(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} counter\n");
        if (label is null)
            text.Append(CultureInfo.InvariantCulture, $"{name} {_counts.GetValueOrDefault("")}\n");
        else
            foreach ((string value, long count) in _counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $"{name}{{{label}=\"{value}\"}} {count}\n");
    }
}
