using System.Globalization;
using System.Text.Json;
using ScottPlot;
using ScottPlot.Plottables;

namespace SentimentML.Benchmarks;

/// <summary>The accuracy by labelled rows that tests/few-rows.sh measured: a line through each kind's means, and its draws as points.</summary>
internal static class RowsChart
{
    private const int Width = 760, Height = 420;
    private const double LowestShown = 0.68; // below it is guessing among two labels

    private static readonly (string Kind, string Name, string Colour)[] Kinds =
    [
        ("ready", "SpanishSmall from its ready model", "#2a6fb0"), ("plain", "SpanishSmall from the plain backbone", "#7fb2dd"),
        ("n-grams", "word and character n-grams", "#8a8f98"), ("mini", "SpanishMini", "#d08a2e"),
    ];

    /// <param name="results">A JSON object a line: Kind, Rows, Accuracy.</param>
    /// <param name="path">The SVG file to write.</param>
    public static void Write(string results, string path)
    {
        (string Kind, int Rows, double Accuracy)[] runs = [.. File.ReadLines(results).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(run => (run.GetProperty("Kind").GetString()!, run.GetProperty("Rows").GetInt32(), run.GetProperty("Accuracy").GetDouble()))];
        using var plot = new Plot();
        foreach ((string kind, string name, string colour) in Kinds)
        {
            (double X, double Y)[] means = [.. runs.Where(run => run.Kind == kind && run.Rows > 0).GroupBy(run => run.Rows).OrderBy(group => group.Key)
                .Select(group => (Place(group.Key), group.Average(run => run.Accuracy)))];
            Scatter line = plot.Add.Scatter(means.Select(mean => mean.X).ToArray(), means.Select(mean => mean.Y).ToArray());
            (line.LegendText, line.Color, line.LineWidth, line.MarkerSize) = (name, Color.FromHex(colour), 2.5f, 0);
            foreach ((_, int rows, double accuracy) in runs.Where(run => run.Kind == kind && run.Rows > 0))
                plot.Add.Marker(Place(rows), accuracy, MarkerShape.FilledCircle, 6, Color.FromHex(colour));
        }
        foreach ((_, _, double accuracy) in runs.Where(run => run.Rows == 0))
        {
            HorizontalLine ready = plot.Add.HorizontalLine(accuracy, 1.5f, Color.FromHex(Kinds[0].Colour), LinePattern.Dashed);
            ready.LegendText = "the ready model, without any row";
        }
        int[] ticks = [.. runs.Select(run => run.Rows).Where(rows => rows > 0).Distinct().Order()];
        plot.Axes.Bottom.SetTicks([.. ticks.Select(Place)], [.. ticks.Select(rows => rows.ToString("N0", CultureInfo.InvariantCulture))]);
        plot.Axes.SetLimits(Place(ticks[0]) - 0.1, Place(ticks[^1]) + 0.1, LowestShown, 0.95);
        plot.Font.Set("DejaVu Sans");
        plot.Title("accuracy on 4,000 real reviews, by labelled rows");
        plot.ShowLegend(Alignment.LowerRight);
        plot.SaveSvg(path, Width, Height);
    }

    private static double Place(int rows) => Math.Log2(rows);
}
