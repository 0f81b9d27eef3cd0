using System.Reflection;
using System.Text.Json.Nodes;
using SentimentML.Reporting.Tests.Infrastructure;

namespace SentimentML.Reporting.Tests;

/// <summary>A metric is declared once; these tests fail if an output lacks one, or if one is not declared.</summary>
public sealed class MetricTests
{
    private static readonly EvaluationRows Rows = SyntheticRows.Of(200, ["negative", "neutral", "positive"]);

    [Fact]
    public void Every_metric_that_is_computed_is_declared()
    {
        SentimentMetrics metrics = SentimentMetrics.FromLogits(Rows.Labels, Rows.Logits, Rows.LabelNames, resamples: 10);
        Assert.Equal(Values(metrics), SentimentMetric.Overall.Select(metric => metric.Of(metrics)).ToHashSet());
        SentimentLabelMetrics label = metrics.Labels[1];
        Assert.Equal(Values(label), SentimentMetric.PerLabel.Select(metric => metric.Of(label)).ToHashSet());
    }

    [Fact]
    public void The_page_and_its_JSON_show_every_metric()
    {
        EvaluationReport report = SyntheticRows.Report(Rows);
        JsonNode json = JsonNode.Parse(report.ToJson())!;
        string html = report.ToHtml();
        foreach (MetricDefinition<SentimentMetrics> metric in SentimentMetric.Overall)
        {
            Assert.Equal(metric.Of(report.Evaluation.Metrics).Value, (double)json[metric.Key]!, 1e-12);
            Assert.True((double)json[metric.Key + "_low"]! <= (double)json[metric.Key + "_high"]!, metric.Key);
            foreach (ReportLanguage language in Enum.GetValues<ReportLanguage>())
            {
                Assert.Contains($"<th scope=\"row\">{metric.Name(language)}</th>", html, StringComparison.Ordinal);
                Assert.Contains(metric.Meaning(language), html, StringComparison.Ordinal);
            }
        }
        foreach (MetricDefinition<SentimentLabelMetrics> metric in SentimentMetric.PerLabel)
        {
            Assert.Equal(metric.Of(report.Evaluation.Metrics.Labels[0]).Value, (double)json["per_label"]!["negative"]![metric.Key]!, 1e-12);
            Assert.All(Enum.GetValues<ReportLanguage>(), language => Assert.Contains(metric.Name(language), html, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Faults_of_the_options_are_named_together()
    {
        Assert.Equal("Resamples is -1, expected 0 to 1,000,000. MaxListedRows is -2, expected 0 or more. MaxGroups is 0, expected 1 or more. (Parameter "
            + "'options')",
            Assert.Throws<ArgumentException>(
                () => SentimentEvaluation.Of(Rows, new SentimentEvaluationOptions { Resamples = -1, MaxListedRows = -2, MaxGroups = 0 })).Message);
        Assert.Equal("Language is 7, expected Spanish or English. MaxExplanations is -1, expected 0 or more. (Parameter 'options')",
            Assert.Throws<ArgumentException>(() => EvaluationReport.Create(
                SentimentEvaluation.Of(Rows), new EvaluationReportOptions { Language = (ReportLanguage)7, MaxExplanations = -1 })).Message);
    }

    private static HashSet<MetricInterval> Values(object metrics) =>
        [.. metrics.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.PropertyType == typeof(MetricInterval))
            .Select(property => (MetricInterval)property.GetValue(metrics)!)];
}
