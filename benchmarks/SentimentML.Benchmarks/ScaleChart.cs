using ScottPlot;
using ScottPlot.Plottables;

namespace SentimentML.Benchmarks;

/// <summary>A cluster's efficiency by rows of a shard: a line for each cluster.</summary>
internal static class ScaleChart
{
    private const int Width = 760, Height = 420;

    private static readonly string[] Colours = ["#2a6fb0", "#7fb2dd", "#b8651b", "#eab676"]; // dark for steady machines: Skia's SVG has no dashes

    /// <param name="path">The SVG file to write.</param>
    /// <param name="rows">The rows of a shard.</param>
    /// <param name="lines">Each line's name and its efficiencies, from 0 to 1.</param>
    public static void Write(string path, IReadOnlyList<int> rows, IReadOnlyList<(string Name, IReadOnlyList<double> Efficiencies)> lines)
    {
        using var plot = new Plot();
        double[] places = [.. rows.Select(count => Math.Log2(count))];
        foreach (((string name, IReadOnlyList<double> efficiencies), string colour) in lines.Zip(Colours))
        {
            Scatter line = plot.Add.Scatter(places, efficiencies.Select(efficiency => 100 * efficiency).ToArray());
            (line.LegendText, line.Color, line.LineWidth, line.MarkerSize) = (name, Color.FromHex(colour), 2.5f, 5);
        }
        plot.Axes.Bottom.SetTicks(places, [.. rows.Select(count => count >= 1 << 20 ? $"{count >> 20} M" : $"{count >> 10} K")]);
        plot.Axes.SetLimits(places[0] - 0.2, places[^1] + 0.2, 0, 102);
        plot.Axes.Bottom.Label.Text = "rows of a shard (1 K = 1,024)";
        plot.Axes.Left.Label.Text = "% of the cores' time that computes rows";
        plot.Font.Set("DejaVu Sans");
        plot.Title("100 million rows, simulated");
        plot.ShowLegend(Alignment.LowerLeft);
        plot.SaveSvg(path, Width, Height);
    }
}
