using System.Globalization;
using System.Xml.Linq;
using ScottPlot;
using SentimentML.Wording;

namespace SentimentML.Reporting.Charts;

/// <summary>
/// A chart as SVG for the page: ScottPlot draws what is measured, and this adds the text. So text has the page's font (none has
/// to be installed where the page is made), is read aloud and selected as text, and colours are the page's.
/// </summary>
internal sealed class Chart
{
    private const int Width = 520, Height = 380, Left = 66, Right = 16, Top = 14, Bottom = 48;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly List<Action<Plot>> _drawing = [];
    private readonly List<XElement> _texts = [];
    private readonly ReportText _language;
    private readonly double _maximumX, _maximumY, _minimumX, _minimumY;

    /// <param name="language">The language of numbers.</param>
    /// <param name="x">What is measured from left to right, and from where to where.</param>
    /// <param name="y">What is measured from bottom to top, and from where to where.</param>
    public Chart(ReportText language, (string Name, double From, double To) x, (string Name, double From, double To) y)
    {
        _language = language;
        (_minimumX, _maximumX, _minimumY, _maximumY) = (x.From, x.To, y.From, y.To);
        AddText("axis", (Left + Width - Right) / 2.0, Height - 8, x.Name, "middle");
        XElement name = AddText("axis", 14, (Top + Height - Bottom) / 2.0, y.Name, "middle");
        name.SetAttributeValue("transform", string.Create(CultureInfo.InvariantCulture, $"rotate(-90 14 {(Top + Height - Bottom) / 2.0})"));
    }

    /// <summary>Lines across the chart with their numbers.</summary>
    public Chart TicksY(params IEnumerable<double> values)
    {
        foreach (double value in values)
        {
            Line([(_minimumX, value), (_maximumX, value)], ChartColor.Grid, 1);
            AddText("tick", Left - 8, Y(value) + 4, _language.Tick(value), "end");
        }
        return this;
    }

    /// <summary>Numbers below the chart.</summary>
    public Chart TicksX(params IEnumerable<double> values)
    {
        foreach (double value in values)
        {
            Line([(value, _minimumY), (value, _maximumY)], ChartColor.Grid, 1);
            AddText("tick", X(value), Height - Bottom + 18, _language.Tick(value), "middle");
        }
        return this;
    }

    /// <summary>A name below the chart.</summary>
    public Chart NameX(double value, string name)
    {
        AddText("tick", X(value), Height - Bottom + 18, name, "middle");
        return this;
    }

    public Chart Line(IReadOnlyList<(double X, double Y)> points, ChartColor color, float width = 2.5f, bool dashed = false)
    {
        _drawing.Add(plot =>
        {
            ScottPlot.Plottables.Scatter line = plot.Add.ScatterLine(points.Select(p => p.X).ToArray(), points.Select(p => p.Y).ToArray(), Mark(color));
            line.LineWidth = width;
            line.LinePattern = dashed ? LinePattern.Dashed : LinePattern.Solid;
        });
        return this;
    }

    public Chart Markers(IReadOnlyList<(double X, double Y)> points, ChartColor color, float size = 8)
    {
        if (points.Count > 0)
            _drawing.Add(plot => plot.Add.Markers(
                points.Select(p => p.X).ToArray(), points.Select(p => p.Y).ToArray(), MarkerShape.FilledCircle, size, Mark(color)));
        return this;
    }

    /// <summary>A bar from one height to another.</summary>
    public Chart Bar(double from, double to, double bottom, double top, ChartColor color)
    {
        _drawing.Add(plot =>
        {
            ScottPlot.Plottables.Rectangle bar = plot.Add.Rectangle(from, to, bottom, top);
            bar.FillColor = Mark(color);
            bar.LineWidth = 0;
        });
        return this;
    }

    /// <summary>Names the series, in the chart's corner that the caller knows to be empty.</summary>
    public Chart Legend(bool atTop, bool atLeft, params IReadOnlyList<(string Name, ChartColor Color)> series)
    {
        const int lineHeight = 20;
        int x = atLeft ? Left + 12 : Width - Right - 12, y = atTop ? Top + 18 : Height - Bottom - 10 - lineHeight * (series.Count - 1);
        foreach ((string name, ChartColor color) in series)
        {
            _texts.Add(new XElement(
                Svg + "circle", new XAttribute("class", $"f-{ClassOf(color)}"), new XAttribute("cx", x + (atLeft ? 4 : -4)), new XAttribute("cy", y - 4),
                new XAttribute("r", 5)));
            AddText("legend", x + (atLeft ? 15 : -15), y, name, atLeft ? "start" : "end");
            y += lineHeight;
        }
        return this;
    }

    /// <summary>The chart as an element of the page.</summary>
    /// <param name="id">The chart's id, unique in the page.</param>
    /// <param name="description">What the chart shows, for readers who cannot see it.</param>
    public XElement ToSvg(string id, string description)
    {
        XElement drawn = Draw();
        drawn.Attributes().Remove();
        drawn.Add(new XAttribute("viewBox", $"0 0 {Width} {Height}"), new XAttribute("role", "img"), new XAttribute("aria-label", description));
        // Skia counts on from chart to chart: names of this chart's own, which also are the same each time.
        string[] names = [.. drawn.Descendants().Attributes("id").Select(name => name.Value)];
        foreach (XElement element in drawn.Descendants().ToList())
            Adapt(element, name => $"{id}-{Array.IndexOf(names, name)}");
        drawn.Add(_texts);
        Compact(drawn);
        return drawn;
    }

    private XElement Draw()
    {
        using var plot = new Plot();
        plot.Axes.Frameless();
        plot.HideGrid();
        plot.Layout.Fixed(new PixelPadding(Left, Right, Bottom, Top));
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        foreach (Action<Plot> draw in _drawing)
            draw(plot);
        plot.Axes.SetLimits(_minimumX, _maximumX, _minimumY, _maximumY);
        return XDocument.Parse(plot.GetSvgXml(Width, Height)).Root!;
    }

    private static string ClassOf(ChartColor color) => color.ToString().ToLowerInvariant();

    /// <summary>A colour that stands for its meaning, until it becomes a class of the page's style.</summary>
    private static Color Mark(ChartColor color) => new((byte)(0xC0 + (int)color), 0x01, 0xFE);

    private static string MarkText(ChartColor color) => $"#{0xC0 + (int)color:X2}01FE";

    private static void Adapt(XElement element, Func<string, string> rename)
    {
        // What is drawn in transparent, as a background, only costs bytes.
        if ((string?)element.Attribute("fill-opacity") == "0" || (string?)element.Attribute("stroke-opacity") == "0")
        {
            element.Remove();
            return;
        }
        List<string> classes = [];
        foreach ((string attribute, string prefix) in (ReadOnlySpan<(string, string)>)[("fill", "f"), ("stroke", "s")])
        {
            foreach (ChartColor color in Enum.GetValues<ChartColor>())
            {
                if (!string.Equals((string?)element.Attribute(attribute), MarkText(color), StringComparison.OrdinalIgnoreCase))
                    continue;
                classes.Add($"{prefix}-{ClassOf(color)}");
                element.Attribute(attribute)!.Remove();
            }
        }
        if (classes.Count > 0)
            element.SetAttributeValue("class", string.Join(' ', classes));
        if (element.Attribute("id") is { } own)
            own.Value = rename(own.Value);
        foreach (XAttribute attribute in element.Attributes().Where(a => a.Value.StartsWith("url(#", StringComparison.Ordinal)))
            attribute.Value = $"url(#{rename(attribute.Value[5..^1])})";
    }

    private static void Compact(XElement svg)
    {
        foreach (XText space in svg.DescendantNodes().OfType<XText>().Where(text => string.IsNullOrWhiteSpace(text.Value)).ToList())
            space.Remove();
    }

    private double X(double value) => Left + (value - _minimumX) / (_maximumX - _minimumX) * (Width - Left - Right);

    private double Y(double value) => Height - Bottom - (value - _minimumY) / (_maximumY - _minimumY) * (Height - Top - Bottom);

    private XElement AddText(string kind, double x, double y, string text, string anchor)
    {
        var element = new XElement(Svg + "text",
            new XAttribute("class", kind), new XAttribute("text-anchor", anchor),
            new XAttribute("x", x.ToString("0.#", CultureInfo.InvariantCulture)), new XAttribute("y", y.ToString("0.#", CultureInfo.InvariantCulture)), text);
        _texts.Add(element);
        return element;
    }
}
