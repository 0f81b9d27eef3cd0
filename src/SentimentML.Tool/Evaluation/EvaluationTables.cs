using SentimentML.Files;
using SentimentML.Tool.Output;
using Spectre.Console;

namespace SentimentML.Tool.Evaluation;

/// <summary>An evaluation in the terminal: the summary in words, and the figures with their intervals.</summary>
internal static class EvaluationTables
{
    private const int MaxNamed = 10;

    /// <param name="report">The evaluation.</param>
    /// <param name="isByStars">Whether the labels were made of stars.</param>
    public static void Print(EvaluationReport report, bool isByStars)
    {
        SentimentMetrics metrics = report.Evaluation.Metrics;
        Console.WriteLine(report.Evaluation.Summary(Language.Text.Language));
        Console.WriteLine();
        Table figures = Numeric(
            new Table().AddColumn(Language.Say("métrica", "metric")), Language.Say("valor", "value"), Language.Say("intervalo del 95 %", "95 % interval"));
        foreach (MetricDefinition<SentimentMetrics> metric in SentimentMetric.HeadlineFirst(metrics))
            figures.AddRow(Markup.Escape(metric.Name(Language.Text.Language)), Number(metric.Of(metrics).Value), Interval(metric.Of(metrics)));
        AnsiConsole.Write(figures);
        PrintLabels(metrics);
        if (LeftOut(report.Evaluation.Rows, isByStars) is { } leftOut)
            Console.WriteLine(leftOut);
    }

    /// <summary>The rows that were left out, with the reasons; null if there are none.</summary>
    public static string? LeftOut(EvaluationRows rows, bool isByStars)
    {
        bool areThreeStars = isByStars && rows.LabelsLeftOut.SequenceEqual([Sentiment.Neutral.Word()]);
        string[] reasons =
        [
            .. (((long Rows, string Reason)[])[(
                rows.RowsLeftOut,
                areThreeStars
                    ? Language.Say("con 3 estrellas", "with 3 stars")
                    : Language.Say("con una etiqueta que el modelo no conoce", "with a label that the model does not know") + Named(rows.LabelsLeftOut)),
                (rows.RowsWithoutLabel, Language.Say("sin etiqueta ni estrellas", "without a label or stars")),
                (rows.RowsWithoutText, Language.Say("sin texto", "without a text"))])
                .Where(one => one.Rows > 0).Select(one => $"{Language.Text.Count(one.Rows)} {one.Reason}"),
        ];
        return reasons.Length == 0 ? null : $"{Language.Say("Filas que no cuentan", "Rows left out")}: {string.Join(", ", reasons)}.";
    }

    private static string Named(IReadOnlyCollection<string> labels) => labels.Count == 0
        ? ""
        : $" ({string.Join(", ", labels.Take(MaxNamed).Select(Quoted.Value))}{(labels.Count > MaxNamed ? ", …" : "")})";

    public static string Number(double value) => Language.Text.Number(value, 4);

    public static string Interval(MetricInterval value) =>
        double.IsFinite(value.Low) ? Language.Format($"{value.Low:0.0000} a {value.High:0.0000}", $"{value.Low:0.0000} to {value.High:0.0000}") : "";

    public static Table Numeric(Table table, params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned().NoWrap());
        return table;
    }

    /// <summary>Figures and confusions stand in two tables: in one, three labels have no room on a terminal of 80 columns.</summary>
    private static void PrintLabels(SentimentMetrics metrics)
    {
        Table figures = Numeric(
            new Table().AddColumn(Language.Say("etiqueta", "label")),
            [Language.Say("filas", "rows"), .. SentimentMetric.PerLabel.Select(metric => InLines(metric.Name(Language.Text.Language)))]);
        Table confusion = Numeric(
            new Table().AddColumn(Language.Say("etiqueta", "label")), [.. metrics.Labels.Select(label => $"{Language.Say("como", "as")} {label.Label}")]);
        foreach ((SentimentLabelMetrics label, IReadOnlyList<int> row) in metrics.Labels.Zip(metrics.Confusion))
        {
            // Of a label that no row has, no figure says anything.
            figures.AddRow([Markup.Escape(label.Label), Whole(label.Support),
                .. SentimentMetric.PerLabel.Select(metric => Number(label.Support == 0 ? double.NaN : metric.Of(label).Value))]);
            confusion.AddRow([Markup.Escape(label.Label), .. row.Select(Whole)]);
        }
        AnsiConsole.Write(figures);
        AnsiConsole.Write(confusion);
    }

    /// <summary>A heading with a word a line, which leaves room for the labels on a terminal of 80 columns.</summary>
    public static string InLines(string heading) => heading.Replace(' ', '\n');

    private static string Whole(int count) => Language.Text.Count(count);
}
