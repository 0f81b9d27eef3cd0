using System.Globalization;
using ScottPlot;

namespace SentimentML.Benchmarks;

/// <summary>Rates as bars, ours in another colour than the rest.</summary>
internal static class SpeedChart
{
    private const int Width = 760, BarHeight = 34;

    /// <param name="path">The SVG file to write.</param>
    /// <param name="rates">Names with their reviews a second, from top to bottom.</param>
    public static void Write(string path, IReadOnlyList<(string Name, double Rate)> rates)
    {
        using var plot = new Plot();
        for (int place = 0; place < rates.Count; place++)
        {
            (string name, double rate) = rates[place];
            plot.Add.Bar(new Bar
            {
                Position = -place, Value = rate, Orientation = Orientation.Horizontal, LineWidth = 0, Size = 0.7,
                FillColor = Color.FromHex(name.StartsWith(nameof(SentimentML), StringComparison.Ordinal) ? "#2a6fb0" : "#9aa5b1"),
                Label = rate.ToString("0.0", CultureInfo.InvariantCulture),
            });
        }
        plot.Axes.Left.SetTicks([.. rates.Select((_, place) => -(double)place)], [.. rates.Select(each => each.Name)]);
        plot.Axes.SetLimits(0, rates.Max(each => each.Rate) * 1.12, 0.6 - rates.Count, 0.6);
        plot.Font.Set("DejaVu Sans");
        plot.HideGrid();
        foreach (IAxis axis in (IAxis[])[plot.Axes.Bottom, plot.Axes.Right])
            axis.IsVisible = false;
        plot.Axes.Left.FrameLineStyle.Width = plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Title("reviews a second");
        plot.SaveSvg(path, Width, 70 + BarHeight * rates.Count);
    }
}
