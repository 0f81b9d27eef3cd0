using System.Globalization;
using System.Net;
using System.Text;
using SentimentML.Files;

namespace SentimentML.Training;

/// <summary>
/// A run as one HTML page: loss, learning rate and the validation set's figures over the steps, drawn as SVG. The page needs no
/// network and runs no script, and follows the reader's light or dark colours.
/// </summary>
internal static class LearningCurve
{
    private const int Width = 720, Height = 220, Left = 56, Right = 12, Top = 12, Bottom = 28;

    /// <summary>Points of a line at most: more than a screen shows. Longer runs are averaged over neighbours.</summary>
    private const int MostPoints = 720;

    private const string Style = """
        :root { color-scheme: light dark; --text: #1f2328; --faint: #8b949e; --grid: #d8dee4; --a: #0969da; --b: #bc4c00; --back: #ffffff; }
        @media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --faint: #8b949e; --grid: #30363d; --a: #58a6ff; --b: #f0883e; --back: #0d1117; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; }
        svg { width: 100%; height: auto; } svg text { fill: var(--faint); font-size: 11px; }
        .grid { stroke: var(--grid); } .a { stroke: var(--a); } .b { stroke: var(--b); } .line { fill: none; stroke-width: 1.5; }
        .a.dot { fill: var(--a); stroke: none; } .b.dot { fill: var(--b); stroke: none; } .key-a { color: var(--a); } .key-b { color: var(--b); }
        table { border-collapse: collapse; } th, td { text-align: right; padding: .15rem .8rem; border-bottom: 1px solid var(--grid); }
        """;

    /// <summary>Writes the page as a file, which appears whole.</summary>
    /// <exception cref="SentimentMLException">The file cannot be written.</exception>
    public static void WriteFile(string path, TrainingHistory history, string title)
    {
        try
        {
            WholeFile.Write(path, Encoding.UTF8.GetBytes(Page(history, title)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The learning curve cannot be written to {Path.GetFullPath(path)}: {e.Message} Check write permission and free space.", e);
        }
    }

    /// <param name="history">The run.</param>
    /// <param name="title">The page's heading; any text.</param>
    public static string Page(TrainingHistory history, string title)
    {
        string heading = WebUtility.HtmlEncode(title);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{heading}</title><style>{Style}</style></head><body>
            <h1>{heading}</h1>
            <p>{Summary(history)}</p>

            """);
        Series training = new("training loss", "a", Averaged([.. history.Steps.Select(s => new Point(s.Step, s.Loss))]), Dots: false);
        Series Evaluated(string name, string color, Func<TrainingEvaluation, double> figure) =>
            new(name, color, [.. history.Evaluations.Select(e => new Point(e.Step, figure(e)))], Dots: true);

        Chart(page, "Loss", [training, Evaluated("validation loss", "b", e => e.Loss)]);
        Chart(page, "Validation", [Evaluated("accuracy", "a", e => e.Accuracy), Evaluated("macro-F1", "b", e => e.MacroF1)]);
        Chart(page, "Learning rate", [new Series("learning rate", "a", Averaged([.. history.Steps.Select(s => new Point(s.Step, s.LearningRate))]), Dots: false)]);
        Table(page, history.Evaluations);
        return page.Append("</body></html>\n").ToString();
    }

    private static string Summary(TrainingHistory history)
    {
        double seconds = history.Steps.Sum(s => s.Took.TotalSeconds);
        string end = history.End switch { TrainingEnd.StoppedEarly => ", stopped early", TrainingEnd.Cancelled => ", cancelled", _ => "" };
        return history.Steps.Count == 0 ? "No step was taken."
            : string.Create(CultureInfo.InvariantCulture, $"{history.Steps.Count} steps, {history.Steps.Sum(s => s.Rows)} rows, {history.Steps[^1].Epoch:0.##} epochs, {seconds:0.0} s in steps, {history.Steps.Sum(s => s.Rows) / Math.Max(seconds, 1e-9):0.0} rows/s{end}.");
    }

    private static void Chart(StringBuilder page, string name, Series[] series)
    {
        Series[] drawn = [.. series.Where(s => s.Points.Count > 0)];
        if (drawn.Length == 0)
            return;
        var scale = Scale.Over(drawn.SelectMany(s => s.Points));
        page.Append(CultureInfo.InvariantCulture, $"<h2>{name}: {string.Join(", ", drawn.Select(s => $"<span class=\"key-{s.Color}\">{s.Name}</span>"))}</h2>\n");
        page.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{name} over the steps\">\n");
        for (int i = 0; i <= 4; i++)
        {
            double value = scale.Low + (scale.High - scale.Low) * i / 4, step = scale.First + (scale.Last - scale.First) * i / 4;
            page.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{scale.Y(value):0.#}\" y2=\"{scale.Y(value):0.#}\"/>");
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{scale.Y(value) + 4:0.#}\" text-anchor=\"end\">{Short(value)}</text>");
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{scale.X(step):0.#}\" y=\"{Height - 8}\" text-anchor=\"middle\">{step:0}</text>\n");
        }
        foreach (Series line in drawn)
        {
            page.Append(CultureInfo.InvariantCulture, $"<polyline class=\"line {line.Color}\" points=\"{string.Join(' ', line.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{scale.X(p.Step):0.#},{scale.Y(p.Value):0.#}")))}\"/>\n");
            foreach (Point p in line.Dots ? line.Points : [])
                page.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot {line.Color}\" cx=\"{scale.X(p.Step):0.#}\" cy=\"{scale.Y(p.Value):0.#}\" r=\"3\"><title>step {p.Step:0}: {p.Value:G6}</title></circle>\n");
        }
        page.Append("</svg>\n");
    }

    /// <summary>At most as wide as the room beside a chart: learning rates have many zeros.</summary>
    private static string Short(double value) => value.ToString(Math.Abs(value) is > 0 and < 0.001 ? "0.##e0" : "G3", CultureInfo.InvariantCulture);

    private static void Table(StringBuilder page, IReadOnlyList<TrainingEvaluation> evaluations)
    {
        if (evaluations.Count == 0)
            return;
        page.Append("<h2>Evaluations</h2>\n<table><tr><th>epoch</th><th>step</th><th>accuracy</th><th>macro-F1</th><th>loss</th></tr>\n");
        foreach (TrainingEvaluation e in evaluations)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{e.Epoch:0.##}</td><td>{e.Step}</td><td>{e.Accuracy:0.0000}</td><td>{e.MacroF1:0.0000}</td><td>{e.Loss:0.0000}</td></tr>\n");
        page.Append("</table>\n");
    }

    private static IReadOnlyList<Point> Averaged(Point[] points) => points.Length <= MostPoints ? points
        : [.. points.Chunk((points.Length + MostPoints - 1) / MostPoints).Select(few => new Point(few.Average(p => p.Step), few.Average(p => p.Value)))];

    private readonly record struct Point(double Step, double Value);

    private sealed record Series(string Name, string Color, IReadOnlyList<Point> Points, bool Dots);

    private readonly record struct Scale(double First, double Last, double Low, double High)
    {
        public static Scale Over(IEnumerable<Point> points)
        {
            Point[] all = [.. points];
            (double low, double high) = (all.Min(p => p.Value), all.Max(p => p.Value));
            return new Scale(all.Min(p => p.Step), all.Max(p => p.Step), low, high > low ? high : low + Math.Max(1e-9, Math.Abs(low)));
        }

        public double X(double step) => Left + (Last > First ? (step - First) / (Last - First) : 0.5) * (Width - Left - Right);

        public double Y(double value) => Height - Bottom - (value - Low) / (High - Low) * (Height - Top - Bottom);
    }
}
