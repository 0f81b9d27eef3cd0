namespace SentimentML;

/// <summary>
/// A metric as every output shows it: the terminal's tables, the report's page and its JSON walk <see cref="SentimentMetric.Overall"/>
/// and <see cref="SentimentMetric.PerLabel"/>, so that a metric is declared once.
/// </summary>
/// <typeparam name="T">What has the metric: <see cref="SentimentMetrics"/> or <see cref="SentimentLabelMetrics"/>.</typeparam>
public sealed class MetricDefinition<T>
{
    private readonly (string Spanish, string English) _name, _meaning;
    private readonly Func<T, MetricInterval> _value;

    internal MetricDefinition(string key, (string Spanish, string English) name, (string Spanish, string English) meaning, Func<T, MetricInterval> value)
    {
        Key = key;
        (_name, _meaning, _value) = (name, meaning, value);
    }

    /// <summary>The metric's name in JSON, such as "macro_f1".</summary>
    public string Key { get; }

    /// <summary>Whether the metric judges the probabilities, not only their order, so that a temperature changes it. The default value is false.</summary>
    public bool JudgesProbabilities { get; internal init; }

    /// <summary>The metric's name for people.</summary>
    /// <param name="language">The language.</param>
    public string Name(ReportLanguage language) => language == ReportLanguage.Spanish ? _name.Spanish : _name.English;

    /// <summary>What the metric says, in a few words.</summary>
    /// <param name="language">The language.</param>
    public string Meaning(ReportLanguage language) => language == ReportLanguage.Spanish ? _meaning.Spanish : _meaning.English;

    /// <summary>The metric's value.</summary>
    /// <param name="metrics">The metrics.</param>
    public MetricInterval Of(T metrics) => _value(metrics);
}
