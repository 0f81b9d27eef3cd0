namespace SentimentML.Evaluation;

/// <summary>A simpler model's result on the same rows.</summary>
/// <param name="Name">What a person calls it, as "n-grams".</param>
/// <param name="Metrics">Its metrics.</param>
/// <param name="Test">McNemar's test, the evaluated model first and the baseline second.</param>
internal sealed record SummaryBaseline(string Name, SentimentMetrics Metrics, McNemar Test);
