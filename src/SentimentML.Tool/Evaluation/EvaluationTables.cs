using System.Globalization;
using Spectre.Console;

namespace SentimentML.Tool.Evaluation;

/// <summary>An evaluation in the terminal: the summary in words, and the figures with their intervals.</summary>
internal static class EvaluationTables
{
    public static void Print(EvaluationReport report, ReportLanguage language)
    {
        SentimentMetrics metrics = report.Evaluation.Metrics;
        Console.WriteLine(report.Evaluation.Summary(language));
        Console.WriteLine();
        Table figures = Numeric(new Table().AddColumn("metric"), "value", "95 % interval");
        foreach (MetricDefinition<SentimentMetrics> metric in SentimentMetric.HeadlineFirst(metrics))
            figures.AddRow(Markup.Escape(metric.Name(ReportLanguage.English)), Number(metric.Of(metrics).Value), Interval(metric.Of(metrics)));
        AnsiConsole.Write(figures);
        PrintLabels(metrics);
        if (LeftOut(report.Evaluation.Rows) is { } leftOut)
            Console.WriteLine(leftOut);
    }

    /// <summary>The rows that were left out, with the reasons; null if there are none.</summary>
    public static string? LeftOut(EvaluationRows rows)
    {
        string[] reasons =
        [
            .. (((long Rows, string Reason)[])[(rows.RowsLeftOut, "with a label that the model does not know"), (rows.RowsWithoutLabel, "without a label or stars"), (rows.RowsWithoutText, "without a text")])
                .Where(one => one.Rows > 0).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Rows:N0} {one.Reason}")),
        ];
        return reasons.Length == 0 ? null : $"Rows left out: {string.Join(", ", reasons)}.";
    }

    public static string Number(double value) => double.IsFinite(value) ? value.ToString("0.0000", CultureInfo.InvariantCulture) : "";

    public static string Interval(MetricInterval value) =>
        double.IsFinite(value.Low) ? string.Create(CultureInfo.InvariantCulture, $"{value.Low:0.0000} to {value.High:0.0000}") : "";

    public static Table Numeric(Table table, params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned().NoWrap());
        return table;
    }

    /// <summary>Figures and confusions stand in two tables: in one, three labels have no room on a terminal of 80 columns.</summary>
    private static void PrintLabels(SentimentMetrics metrics)
    {
        Table figures = Numeric(new Table().AddColumn("label"), ["rows", .. SentimentMetric.PerLabel.Select(metric => metric.Name(ReportLanguage.English))]);
        Table confusion = Numeric(new Table().AddColumn("label"), [.. metrics.Labels.Select(label => $"as {label.Label}")]);
        foreach ((SentimentLabelMetrics label, IReadOnlyList<int> row) in metrics.Labels.Zip(metrics.Confusion))
        {
            figures.AddRow([Markup.Escape(label.Label), Whole(label.Support), .. SentimentMetric.PerLabel.Select(metric => Number(metric.Of(label).Value))]);
            confusion.AddRow([Markup.Escape(label.Label), .. row.Select(Whole)]);
        }
        AnsiConsole.Write(figures);
        AnsiConsole.Write(confusion);
    }

    private static string Whole(int count) => count.ToString(CultureInfo.InvariantCulture);
}
