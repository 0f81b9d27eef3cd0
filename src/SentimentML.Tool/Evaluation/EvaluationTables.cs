using System.Globalization;
using SentimentML.Evaluation;
using Spectre.Console;

namespace SentimentML.Tool.Evaluation;

/// <summary>An evaluation in the terminal: the summary in words, and the figures with their intervals.</summary>
internal static class EvaluationTables
{
    public static void Print(EvaluationReport report)
    {
        SentimentMetrics metrics = report.Metrics;
        Console.WriteLine(report.Summary[(int)(report.Options.Language == "es" ? SummaryLanguage.Spanish : SummaryLanguage.English)]);
        Console.WriteLine();
        (string, MetricInterval)[] overall =
        [
            ("accuracy", metrics.Accuracy), ("macro-F1", metrics.MacroF1), ("weighted F1", metrics.WeightedF1), ("Matthews", metrics.Matthews),
            ("ROC AUC", metrics.RocAuc), ("average precision", metrics.AveragePrecision), ("log loss", metrics.LogLoss), ("Brier", metrics.Brier),
            ("calibration error", metrics.CalibrationError),
        ];
        Table figures = Numeric(new Table().AddColumn("metric"), "value", "95 % interval");
        foreach ((string name, MetricInterval value) in overall.OrderByDescending(figure => metrics.IsUnbalanced && figure.Item1 == "macro-F1"))
            figures.AddRow(name, Number(value.Value), Interval(value));
        AnsiConsole.Write(figures);
        PrintLabels(metrics);
        if (report.Options.RowsLeftOut > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Options.RowsLeftOut} rows have a label that the model does not know, and were left out."));
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
        Table figures = Numeric(new Table().AddColumn("label"), "rows", "precision", "recall", "F1");
        Table confusion = Numeric(new Table().AddColumn("label"), [.. metrics.Classes.Select(label => $"as {label.Label}")]);
        foreach ((SentimentClassMetrics label, IReadOnlyList<int> row) in metrics.Classes.Zip(metrics.Confusion))
        {
            figures.AddRow(Markup.Escape(label.Label), Whole(label.Support), Number(label.Precision.Value), Number(label.Recall.Value), Number(label.F1.Value));
            confusion.AddRow([Markup.Escape(label.Label), .. row.Select(Whole)]);
        }
        AnsiConsole.Write(figures);
        AnsiConsole.Write(confusion);
    }

    private static string Whole(int count) => count.ToString(CultureInfo.InvariantCulture);
}
