using System.Globalization;
using System.Net;
using System.Text;
using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Training;

/// <summary>
/// A run as one HTML page: loss, learning rate and the validation set's figures over the steps, drawn as SVG. The page needs no
/// network and runs no script, and follows the reader's light or dark colours. A resumed run is one curve, with a mark where it was resumed.
/// </summary>
internal sealed class LearningCurve
{
    private const int Width = 720, Height = 220, Left = 56, Right = 12, Top = 12, Bottom = 28;

    /// <summary>Points of a line at most: more than a screen shows. Longer runs are averaged over neighbours.</summary>
    private const int MaxPoints = 720;

    /// <summary>A smoothed loss is the mean of a twentieth of the run to each side, in runs that are long enough to be smoothed.</summary>
    private const int MinSmoothedSteps = 8, StepsPerWindow = 20;

    private const int MaxTicksX = 6, MaxTicksY = 5;

    private const string MacroF1 = "macro-F1";

    private const string Style = """
        :root { color-scheme: light dark; --text: #1f2328; --faint: #59636e; --grid: #d8dee4; --a: #0969da; --b: #bc4c00; --back: #ffffff; }
        @media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --faint: #9198a1; --grid: #30363d; --a: #58a6ff; --b: #f0883e; --back: #0d1117; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; }
        svg { width: 100%; height: auto; } svg text { fill: var(--faint); font-size: 11px; }
        .grid { stroke: var(--grid); } .resumed { stroke: var(--faint); stroke-dasharray: 4 3; }
        .a { stroke: var(--a); } .b { stroke: var(--b); } .line { fill: none; stroke-width: 1.5; } .raw { stroke-width: 1; stroke-opacity: .35; }
        .a.dot { fill: var(--a); stroke: none; } .b.dot { fill: var(--b); stroke: none; } .key-a { color: var(--a); } .key-b { color: var(--b); } .faint { opacity: .6; }
        table { border-collapse: collapse; } th, td { text-align: right; padding: .15rem .8rem; border-bottom: 1px solid var(--grid); }
        """;

    private readonly TrainingHistory _history;
    private readonly ReportText _text;
    private readonly StringBuilder _page = new();

    private LearningCurve(TrainingHistory history, ReportText text) => (_history, _text) = (history, text);

    /// <summary>Writes the page as a file, which appears whole.</summary>
    /// <exception cref="SentimentMLException">The file cannot be written.</exception>
    public static void WriteFile(string path, TrainingHistory history, string title, ReportText text)
    {
        try
        {
            WholeFile.Write(path, Encoding.UTF8.GetBytes(Page(history, title, text)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException(
                $"The learning curve cannot be written to {Path.GetFullPath(path)}: {e.Message} Check write permission and free space.", e);
        }
    }

    /// <param name="history">The run.</param>
    /// <param name="title">The page's heading; any text.</param>
    /// <param name="text">The page's language.</param>
    public static string Page(TrainingHistory history, string title, ReportText text) => new LearningCurve(history, text).Write(WebUtility.HtmlEncode(title));

    private string Write(string heading)
    {
        _page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="{_text.Code}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{heading}</title><style>{Style}</style></head><body>
            <h1>{heading}</h1>
            <p>{Summary()}</p>

            """);
        Point[] losses = [.. _history.Steps.Select(step => new Point(step.Step, step.Loss))];
        string accuracy = _text.Say("exactitud", "accuracy");
        Chart(_text.Say("Pérdida", "Loss"),
            new Series(_text.Say("pérdida en el entrenamiento", "training loss"), "a", Averaged(losses)) { IsRaw = losses.Length >= MinSmoothedSteps },
            new Series(_text.Say("suavizada", "smoothed"), "a", Averaged(Smoothed(losses))),
            Evaluated(_text.Say("pérdida en la validación", "validation loss"), "b", e => e.Loss));
        Chart(_text.Say("Validación", "Validation"), Evaluated(accuracy, "a", e => e.Accuracy), Evaluated(MacroF1, "b", e => e.MacroF1));
        Chart(_text.Say("Tasa de aprendizaje", "Learning rate"),
            new Series(_text.Say("tasa de aprendizaje", "learning rate"), "a",
                Averaged([.. _history.Steps.Select(step => new Point(step.Step, step.LearningRate))])));
        Table(accuracy);
        return _page.Append("</body></html>\n").ToString();
    }

    private string Summary()
    {
        if (_history.Steps.Count == 0)
            return _text.Say("No se dio ningún paso.", "No step was taken.");
        double seconds = _history.Steps.Sum(step => step.Took.TotalSeconds);
        int steps = _history.Steps.Count, rows = _history.Steps.Sum(step => step.Rows);
        double epochs = _history.Steps[^1].Epoch, pace = rows / Math.Max(seconds, 1e-9);
        string figures = _text.Format(
            $"{steps} pasos, {rows} filas, {epochs:0.##} épocas, {seconds:0.0} s en los pasos, {pace:0.0} filas/s",
            $"{steps} steps, {rows} rows, {epochs:0.##} epochs, {seconds:0.0} s in steps, {pace:0.0} rows/s");
        string resumed = _history.Resumptions.Count == 0
            ? ""
            : _text.Say(", reanudado tras el paso ", ", resumed after step ") + string.Join(", ", _history.Resumptions);
        string end = _history.End switch
        {
            TrainingEnd.StoppedEarly => _text.Say(", terminado antes de tiempo", ", stopped early"),
            TrainingEnd.Cancelled => _text.Say(", cancelado", ", cancelled"),
            _ => "",
        };
        return $"{figures}{resumed}{end}.";
    }

    private Series Evaluated(string name, string color, Func<TrainingEvaluation, double> figure) =>
        new(name, color, [.. _history.Evaluations.Select(e => new Point(e.Step, figure(e)))]) { HasDots = true };

    private void Chart(string name, params Series[] series)
    {
        Series[] drawn = [.. series.Where(line => line.Points.Count > 0)];
        if (drawn.Length == 0)
            return;
        var scale = Scale.Over(drawn.SelectMany(line => line.Points), _history);
        IEnumerable<string> keys = drawn.Select(line => $"<span class=\"key-{line.Color}{(line.IsRaw ? " faint" : "")}\">{line.Name}</span>");
        _page.Append(CultureInfo.InvariantCulture, $"<h2>{name}: {string.Join(", ", keys)}</h2>\n");
        _page.Append(CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{name}: {_text.Say("por pasos", "over the steps")}\">\n");
        Axes(scale);
        foreach (Series line in drawn)
        {
            string points = string.Join(
                ' ', line.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{scale.X(p.Step):0.#},{scale.Y(p.Value):0.#}")));
            _page.Append(CultureInfo.InvariantCulture, $"<polyline class=\"line {line.Color}{(line.IsRaw ? " raw" : "")}\" points=\"{points}\"/>\n");
            foreach (Point p in line.HasDots ? line.Points : [])
                _page.Append(CultureInfo.InvariantCulture,
                    $"<circle class=\"dot {line.Color}\" cx=\"{scale.X(p.Step):0.#}\" cy=\"{scale.Y(p.Value):0.#}\" r=\"3\">")
                    .Append(CultureInfo.InvariantCulture,
                        $"<title>{_text.Format($"paso {p.Step:0}: {p.Value:G6}", $"step {p.Step:0}: {p.Value:G6}")}</title></circle>\n");
        }
        _page.Append("</svg>\n");
    }

    private void Axes(Scale scale)
    {
        foreach (double value in scale.Values.Between(scale.Low, scale.High))
        {
            _page.Append(CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{scale.Y(value):0.#}\" y2=\"{scale.Y(value):0.#}\"/>");
            _page.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{Left - 6}\" y=\"{scale.Y(value) + 4:0.#}\" text-anchor=\"end\">{Number(value, scale)}</text>\n");
        }
        foreach (double step in scale.Steps.Between(0, scale.Last))
            _page.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{scale.X(step):0.#}\" y=\"{Height - 8}\" text-anchor=\"middle\">{_text.Count((long)step)}</text>\n");
        foreach (int step in _history.Resumptions)
            _page.Append(CultureInfo.InvariantCulture,
                $"<line class=\"resumed\" x1=\"{scale.X(step):0.#}\" x2=\"{scale.X(step):0.#}\" y1=\"{Top}\" y2=\"{Height - Bottom}\">")
                .Append(CultureInfo.InvariantCulture, $"<title>{_text.Say("reanudado tras el paso", "resumed after step")} {step}</title></line>\n");
    }

    private string Number(double value, Scale scale) =>
        value == 0 ? "0" : _text.Number(value, scale.Values.FormatUpTo(Math.Max(Math.Abs(scale.Low), Math.Abs(scale.High))));

    private void Table(string accuracy)
    {
        if (_history.Evaluations.Count == 0)
            return;
        _page.Append(CultureInfo.InvariantCulture, $"<h2>{_text.Say("Evaluaciones", "Evaluations")}</h2>\n<table><tr>");
        foreach (string column in (string[])[_text.Say("época", "epoch"), _text.Say("paso", "step"), accuracy, MacroF1, _text.Say("pérdida", "loss")])
            _page.Append(CultureInfo.InvariantCulture, $"<th>{column}</th>");
        _page.Append("</tr>\n");
        foreach (TrainingEvaluation e in _history.Evaluations)
            _page.Append(_text.Format(
                $"<tr><td>{e.Epoch:0.##}</td><td>{e.Step}</td><td>{e.Accuracy:0.0000}</td><td>{e.MacroF1:0.0000}</td><td>{e.Loss:0.0000}</td></tr>\n",
                $"<tr><td>{e.Epoch:0.##}</td><td>{e.Step}</td><td>{e.Accuracy:0.0000}</td><td>{e.MacroF1:0.0000}</td><td>{e.Loss:0.0000}</td></tr>\n"));
        _page.Append("</table>\n");
    }

    /// <summary>
    /// Each point as the mean of a window around it, which is narrower near the ends, as far as the nearer end. So the line does not lag behind
    /// the loss, as a running average does. Nothing for a run that is too short.
    /// </summary>
    private static Point[] Smoothed(Point[] points)
    {
        if (points.Length < MinSmoothedSteps)
            return [];
        int most = Math.Max(1, points.Length / StepsPerWindow);
        double[] sums = new double[points.Length + 1];
        for (int i = 0; i < points.Length; i++)
            sums[i + 1] = sums[i] + points[i].Value;
        return [.. points.Select((point, i) =>
        {
            int half = Math.Min(most, Math.Min(i, points.Length - 1 - i));
            return point with { Value = (sums[i + half + 1] - sums[i - half]) / (2 * half + 1) };
        })];
    }

    private static IReadOnlyList<Point> Averaged(Point[] points) => points.Length <= MaxPoints ? points
        : [.. points.Chunk((points.Length + MaxPoints - 1) / MaxPoints).Select(few => new Point(few.Average(p => p.Step), few.Average(p => p.Value)))];

    private readonly record struct Point(double Step, double Value);

    private sealed record Series(string Name, string Color, IReadOnlyList<Point> Points)
    {
        public bool HasDots { get; init; }

        /// <summary>Whether a smoothed line is drawn over it.</summary>
        public bool IsRaw { get; init; }
    }

    /// <summary>From steps and values to places: all charts have the run's steps from 0, and the values' range ends at round numbers.</summary>
    private readonly record struct Scale(double Last, AxisTicks Steps, double Low, double High, AxisTicks Values)
    {
        public static Scale Over(IEnumerable<Point> points, TrainingHistory history)
        {
            double[] all = [.. points.Select(point => point.Value)];
            (double low, double high) = (all.Min(), all.Max());
            int last = Math.Max(history.Steps.Count > 0 ? history.Steps[^1].Step : 0, history.Evaluations.Count > 0 ? history.Evaluations[^1].Step : 0);
            var values = AxisTicks.Over(low, high, MaxTicksY);
            (low, high) = (values.Below(low), values.Above(high));
            return new Scale(last, AxisTicks.Over(Math.Max(MaxTicksX, last), MaxTicksX), low, high > low ? high : low + values.Step, values);
        }

        public double X(double step) => Left + (Last > 0 ? step / Last : 0.5) * (Width - Left - Right);

        public double Y(double value) => Height - Bottom - (value - Low) / (High - Low) * (Height - Top - Bottom);
    }
}
