using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using SentimentML.Reporting.Charts;
using SentimentML.Wording;
using static SentimentML.Reporting.Html.Element;

namespace SentimentML.Reporting.Html;

/// <summary>The report in one language: its sections in the order in which a person asks.</summary>
internal sealed partial class ReportBody(EvaluationReport report, ReportText text)
{
    /// <summary>The metrics shown first and large.</summary>
    private static readonly string[] Tiles = ["accuracy", "macro_f1", "roc_auc", "calibration_error"];

    private readonly ReportCharts _charts = new(report, text);

    private SentimentMetrics Metrics => report.Evaluation.Metrics;

    public XElement Write()
    {
        XElement[] sections = [.. Sections()];
        return Of("main", With("lang", text.Code), Opening(), Contents(sections), sections,
            Of("footer", Of("p", text.Say("Hecho con SentimentML.", "Made with SentimentML."))));
    }

    private IEnumerable<XElement> Sections()
    {
        yield return Summary();
        yield return Figures();
        yield return Confusion();
        yield return Discrimination();
        yield return Trust();
        yield return Groups();
        yield return WorstMistakes();
        yield return LabelErrors();
        if (report.Evaluation.Duplicates is { } duplicates)
            yield return Leaks(duplicates);
        if (report.Options.Baselines.Count > 0)
            yield return Baselines();
        if (report.Options.LearningCurve.Count > 1)
            yield return Learning();
        if (report.Options.Made.Count > 0)
            yield return Made();
    }

    private XElement Opening() => Of("div.opening",
        Of("p.eyebrow", text.Say("Informe de evaluación", "Evaluation report")),
        Of("h1", report.Options.ModelName.Length > 0 ? report.Options.ModelName : text.Say("Modelo de sentimiento", "Sentiment model")),
        Of("p.about", report.Options.DataName.Length > 0 ? $"{report.Options.DataName} · " : "", Of("span.number", text.Count(Metrics.RowCount)),
            text.Say(" textos", " texts"),
            report.Rows.RowsLeftOut > 0
                ? Of("span", " · ", Of("span.number", text.Count(report.Rows.RowsLeftOut)),
                    text.Say(" más tienen una etiqueta que el modelo no conoce", " more have a label that the model does not know")) : null));

    private XElement Contents(XElement[] sections) => Of("nav", With("aria-label", text.Say("Contenido", "Contents")),
        Of("ol", sections.Select(section => Of("li", Of("a", With("href", "#" + section.Attribute("id")!.Value), section.Element("h2")!.Value)))));

    private XElement Section(string id, string heading, params object?[] content) =>
        Of("section", With("id", $"{text.Code}-{id}"), Of("h2", heading), content);

    private XElement Summary() => Section("summary", text.Say("En pocas palabras", "In short"),
        Of("div.words", report.Evaluation.Summary(text.Language).Split("\n\n").Select(paragraph => Of("p", paragraph))),
        Of("dl.tiles",
            SentimentMetric.HeadlineFirst(Metrics).Where(metric => Tiles.Contains(metric.Key))
                .Select(metric => Tile(metric.Name(text.Language), metric.Of(Metrics)))));

    private XElement Tile(string name, MetricInterval figure) => Of("div",
        Of("dt", name),
        Of("dd", Of("span.value", text.Number(figure.Value)), Of("span.interval", Interval(figure)), Bar(figure, 0)));

    private XElement Figures() => Section("metrics", text.Say("Las cifras, con su intervalo", "The figures, with their interval"),
        Of("p.note", text.Say(
            "El intervalo del 95 % dice entre qué valores estaría la cifra con otros textos del mismo tipo.",
            "The 95% interval says where the figure would lie with other texts of the same kind.")),
        Table("metrics", text.Say("Cifras del modelo", "The model's figures"),
            [text.Say("Cifra", "Figure"), text.Say("Valor", "Value"), text.Say("Intervalo", "Interval"), text.Say("Qué dice", "What it says")],
            SentimentMetric.HeadlineFirst(Metrics).Select(metric => Of("tr",
                Of("th", With("scope", "row"), metric.Name(text.Language)),
                Numeric(text.Number(metric.Of(Metrics).Value)), Numeric(Interval(metric.Of(Metrics))), Of("td.note", metric.Meaning(text.Language))))),
        Of("h3", text.Say("Clase por clase", "Class by class")),
        Table("classes", text.Say("Cifras de cada clase", "Each class's figures"),
            [text.Say("Clase", "Label"), text.Say("Textos", "Texts"), .. SentimentMetric.PerLabel.Select(metric => metric.Name(text.Language))],
            Metrics.Labels.Select(label => Of("tr", Of("th", With("scope", "row"), label.Label), Numeric(text.Count(label.Support)),
                SentimentMetric.PerLabel.Select(metric => label.Support == 0 ? Numeric(text.Number(double.NaN)) : WithInterval(metric.Of(label)))))));

    private XElement Confusion()
    {
        IReadOnlyList<SentimentLabelMetrics> classes = Metrics.Labels;
        return Section("confusion", text.Say("Qué confunde con qué", "What it takes for what"),
            Of("p.note", text.Say(
                "Cada fila son los textos de una clase; cada columna, lo que respondió el modelo. Debajo, la parte de la fila.",
                "A row is the texts of one class, a column what the model answered. Below, the share of the row.")),
            Scroll("confusion", text.Say("Matriz de confusión", "Confusion matrix"), Of("table.confusion",
                Of("thead", Of("tr", Of("td"),
                    classes.Select(c => Of("th", With("scope", "col"), Of("span.axis", text.Say("respondió", "answered")), c.Label)))),
                Of("tbody", Metrics.Confusion.Select(
                    (row, i) => Of("tr", Of("th", With("scope", "row"), Of("span.axis", text.Say("es", "is")), classes[i].Label),
                        row.Select((count, j) => ConfusionCell(count, row.Sum(), i == j))))))));
    }

    private XElement ConfusionCell(int count, int all, bool isRight)
    {
        double share = all == 0 ? 0 : count / (double)all;
        return Of($"td.{(isRight ? "right" : "wrong")}.shade{Math.Min(9, (int)Math.Ceiling(share * 9))}",
            Of("span.value", text.Count(count)), Of("span.share", all == 0 ? "–" : text.Percent(share)));
    }

    private XElement Discrimination() => Section("curves", text.Say("Si distingue las clases", "Whether it tells the classes apart"),
        Of("div.charts",
            Figure(_charts.Roc(), text.Say("Curva ROC, cada clase frente al resto, con su área. La diagonal es el azar.",
                "ROC curve, each class against the rest, with its area. The diagonal is chance.")),
            Figure(_charts.PrecisionRecall(),
                text.Say("Precisión y exhaustividad, con la precisión media.", "Precision and recall, with the average precision."))));

    private XElement Trust()
    {
        SentimentMetrics raw = Metrics, calibrated = report.Evaluation.Calibrated.Metrics;
        string temperature = text.Number(report.Evaluation.Calibrated.Temperature);
        return Section("trust", text.Say("Si se pueden creer sus probabilidades", "Whether its probabilities can be believed"),
            Of("div.charts",
                Figure(_charts.Reliability(),
                    text.Say("De los textos con una confianza, qué parte acierta.", "Of the texts at a confidence, which share is right.")),
                Figure(_charts.Histogram(), text.Say("Cuántos textos hay con cada confianza.", "How many texts there are at each confidence."))),
            Of("p.note", report.Evaluation.Calibrated.IsSaved
                ? text.Say($"Calibrado: con la temperatura {temperature} guardada con el modelo.",
                    $"Calibrated: by the temperature {temperature} saved with the model.")
                : text.Say($"Calibrado: con una temperatura ajustada en la mitad de estos textos y usada en la otra; la de todos sería {temperature}.",
                    $"Calibrated: by a temperature fitted on one half of these texts and used on the other; that of all would be {temperature}.")),
            Table("calibration", text.Say("Calibración", "Calibration"),
                [text.Say("Cifra", "Figure"), text.Say("Tal cual", "As it is"), text.Say("Calibrado", "Calibrated")],
                SentimentMetric.Overall.Where(metric => metric.JudgesProbabilities)
                    .Select(metric => Of("tr", Of("th", With("scope", "row"), metric.Name(text.Language)), WithInterval(metric.Of(raw)),
                        WithInterval(metric.Of(calibrated))))
                    .Append(Of("tr", Of("th", With("scope", "row"), text.Say("Confianza media", "Mean confidence")), Numeric(text.Number(raw.MeanConfidence)),
                        Numeric(text.Number(calibrated.MeanConfidence))))),
            Of("h3", text.Say("Si calla cuando duda", "If it keeps silent when in doubt")),
            Of("div.charts.beside",
                Figure(_charts.Unsure(),
                    text.Say("Cuánto acierta según la parte de los textos a la que responde.",
                        "How often it is right, by the share of texts that it answers.")),
                report.Evaluation.UnsureFor.Count == 0
                    ? Of("p.note", text.Say("Con ningún umbral acierta más a menudo que ahora en los niveles habituales.",
                        "No threshold makes it right more often at the usual levels."))
                    : Table("unsure", text.Say("Umbrales de duda", "Thresholds of doubt"),
                        [text.Say("Para acertar", "To be right in"), text.Say("Umbral", "Threshold"), text.Say("Responde a", "It answers"),
                            text.Say("Acierta", "Right")],
                        report.Evaluation.UnsureFor.Select(
                            point => Of("tr", Of("th.number", With("scope", "row"), text.Percent(point.Key, 0)), Numeric(text.Number(point.Value.Threshold)),
                            Numeric(text.Percent(point.Value.Coverage)), Numeric(text.Percent(point.Value.Accuracy)))))));
    }

    private XElement Groups() => Section("groups", text.Say("Dónde acierta más y dónde menos", "Where it is right more, and where less"),
        Of("p.note", text.Say("Cada línea es el intervalo del 95 %; el punto, la exactitud.", "Each line is the 95% interval, the dot the accuracy.")),
        report.Evaluation.Groups.Select(by => by.Key == "length"
            ? (object)new object[] { Figure(_charts.Lengths(by.Value), text.Say("Exactitud según el número de palabras.", "Accuracy by number of words.")),
                GroupTable(by.Key, by.Value) }
            : GroupTable(by.Key, by.Value)));

    private XElement GroupTable(string column, IReadOnlyList<GroupMetrics> groups)
    {
        string name = column switch
        {
            "length" => text.Say("Palabras", "Words"),
            "stars" => text.Say("Estrellas", "Stars"),
            _ => column,
        };
        string within = column is "length" or "stars" ? name.ToLowerInvariant() : name; // in the middle of a sentence
        double from = Math.Floor(Math.Max(0, groups.Min(group => group.Accuracy.Low)) * 10) / 10;
        return Table($"group-{Slug(column)}", text.Say($"Exactitud por {within}", $"Accuracy by {within}"),
            [name, text.Say("Textos", "Texts"), text.Say("Exactitud", "Accuracy"), text.Say("Intervalo", "Interval"), "", "Macro-F1"],
            groups.Select(group => Of("tr",
                Of("th", With("scope", "row"), group.Name.Length > 0 ? ReportText.Shorten(group.Name, 60) : text.Say("(vacío)", "(empty)")),
                Numeric(text.Count(group.Count)), Numeric(text.Number(group.Accuracy.Value)), Numeric(Interval(group.Accuracy)),
                Of("td", Bar(group.Accuracy, Math.Min(from, 0.9))), Numeric(group.MacroF1 is { } macro ? text.Number(macro) : ""))));
    }

    private XElement Baselines() => Section("baselines", text.Say("Frente a modelos más sencillos", "Against simpler models"),
        Table("baselines", text.Say("Modelos comparados", "Compared models"),
            [text.Say("Modelo", "Model"), text.Say("Exactitud", "Accuracy"), "Macro-F1", text.Say("Entrenamiento, s", "Training, s"),
                text.Say("Textos/s", "Texts/s"), text.Say("Bytes", "Bytes")],
            report.Options.Baselines.Select(b => BaselineRow(b.Name, b.Accuracy, b.MacroF1, b.TrainSeconds, b.RowsPerSecond, b.SizeBytes, "tr"))
                .Append(BaselineRow(text.Say("este modelo", "this model"), Metrics.Accuracy, Metrics.MacroF1, null, null, null, "tr.own"))));

    private XElement BaselineRow(string name, MetricInterval accuracy, MetricInterval macro, double? train, double? speed, long? bytes, string kind) => Of(kind,
        Of("th", With("scope", "row"), name), WithInterval(accuracy), WithInterval(macro),
        Numeric(train is { } seconds ? text.Number(seconds, 1) : ""), Numeric(speed is { } rows ? text.Count((long)Math.Round(rows)) : ""),
        Numeric(bytes is { } size ? text.Count(size) : ""));

    private XElement Learning() => Section("learning", text.Say("Cómo aprendió", "How it learned"),
        Of("div.charts.beside",
            Figure(_charts.Learning(),
                text.Say("En la validación, época a época. La época 0 es antes de aprender.",
                    "On the validation set, epoch by epoch. Epoch 0 is before learning.")),
            Table("learning", text.Say("Curva de aprendizaje", "Learning curve"),
                [text.Say("Época", "Epoch"), text.Say("Paso", "Step"), text.Say("Exactitud", "Accuracy"), "Macro-F1", text.Say("Pérdida", "Loss")],
                report.Options.LearningCurve.Select(
                    e => Of("tr", Of("th.number", With("scope", "row"), text.Tick(e.Epoch)), Numeric(text.Count(e.Step)), Numeric(text.Number(e.Accuracy)),
                        Numeric(text.Number(e.MacroF1)), Numeric(text.Number(e.Loss)))))));

    private XElement Made() => Section("made", text.Say("Cómo se hizo", "How it was made"),
        Table("made", text.Say("Cómo se hizo", "How it was made"), [text.Say("Dato", "Fact"), text.Say("Valor", "Value")],
            Flattened("", report.Options.Made).Select(fact => Of("tr", Of("th", With("scope", "row"), fact.Name), Of("td.fact", Of("code", fact.Value))))));

    private static IEnumerable<(string Name, string Value)> Flattened(string prefix, JsonObject facts) =>
        facts.SelectMany(fact => fact.Value is JsonObject group
        ? Flattened($"{prefix}{fact.Key} · ", group)
        : [($"{prefix}{fact.Key}", fact.Value?.ToString() ?? "–")]);

    private static XElement Figure(XElement svg, string caption) => Of("figure", svg, Of("figcaption", caption));

    private static XElement Numeric(string value) => Of("td.number", value);

    private string Interval(MetricInterval figure) => text.Interval(figure.Low, figure.High);

    private XElement WithInterval(MetricInterval figure) => Of("td.number", text.Number(figure.Value), Of("span.interval", Interval(figure)));

    /// <summary>A table; a column's heading stands where the first row's cell does, numbers at the right.</summary>
    private XElement Table(string id, string name, string[] columns, IEnumerable<XElement> rows)
    {
        XElement body = Of("tbody", rows);
        XElement[] first = [.. body.Elements().First().Elements()];
        XElement Heading(string column, int place) => column.Length == 0
            ? Of("td")
            : Of((string?)first[place].Attribute("class") == "number" ? "th.number" : "th", With("scope", "col"), column);
        return Scroll(id, name, Of("table", Of("caption.unseen", name), Of("thead", Of("tr", columns.Select(Heading))), body));
    }

    /// <summary>What may be wider than the screen scrolls by itself, by finger and by keyboard.</summary>
    private XElement Scroll(string id, string name, XElement content) =>
        Of("div.scroll", With("tabindex", "0"), With("role", "region"), With("id", $"{text.Code}-table-{id}"), With("aria-label", name), content);

    /// <summary>An interval as a line with a dot, from <paramref name="from"/> to 1.</summary>
    private static XElement? Bar(MetricInterval figure, double from)
    {
        if (!double.IsFinite(figure.Low) || !double.IsFinite(figure.Value))
            return null;
        string X(double value) => (4 + 112 * Math.Clamp((value - from) / (1 - from), 0, 1)).ToString("0.#", CultureInfo.InvariantCulture);
        return Of("svg.bar", With("viewBox", "0 0 120 12"), With("aria-hidden", "true"),
            Of("line.s-grid", With("x1", "4"), With("x2", "116"), With("y1", "6"), With("y2", "6")),
            Of("line.s-first", With("x1", X(figure.Low)), With("x2", X(figure.High)), With("y1", "6"), With("y2", "6")),
            Of("circle.f-first", With("cx", X(figure.Value)), With("cy", "6"), With("r", "3.5")));
    }

    private static string Slug(string name) => Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(name));
}
