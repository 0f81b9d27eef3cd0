using System.Xml.Linq;
using SentimentML.Wording;

namespace SentimentML.Reporting.Charts;

/// <summary>The report's charts.</summary>
internal sealed class ReportCharts(EvaluationReport report, ReportText text)
{
    private const int MaxCurves = 5;

    private static readonly double[] Fifths = [0, 0.2, 0.4, 0.6, 0.8, 1], Tenths = [0.5, 0.6, 0.7, 0.8, 0.9, 1];

    public XElement Roc()
    {
        var chart = new Chart(text, (text.Say("Falsos positivos", "False positives"), 0, 1), (text.Say("Verdaderos positivos", "True positives"), 0, 1))
            .TicksX(Fifths).TicksY(Fifths)
            .Line([(0, 0), (1, 1)], ChartColor.Reference, 1.5f, dashed: true);
        return Drawn(chart, "roc", report.Evaluation.RocCurve, c => c.RocAuc, atTop: false,
            text.Say("Curva ROC", "ROC curve"));
    }

    public XElement PrecisionRecall()
    {
        var chart = new Chart(text, (text.Say("Exhaustividad", "Recall"), 0, 1), (text.Say("Precisión", "Precision"), 0, 1)).TicksX(Fifths).TicksY(Fifths);
        return Drawn(chart, "pr", report.Evaluation.PrecisionRecallCurve, c => c.AveragePrecision, atTop: false,
            text.Say("Curva de precisión y exhaustividad", "Precision-recall curve"));
    }

    public XElement Reliability()
    {
        var chart = new Chart(text, (text.Say("Confianza del modelo", "The model's confidence"), 0, 1),
            (text.Say("Parte que acierta", "Share that is right"), 0, 1))
            .TicksX(Fifths).TicksY(Fifths)
            .Line([(0, 0), (1, 1)], ChartColor.Reference, 1.5f, dashed: true);
        Add(report.Evaluation.Calibrated.Reliability, ChartColor.Third);
        Add(report.Evaluation.Reliability, ChartColor.First);
        return chart
            .Legend(atTop: true, atLeft: true, (text.Say("tal cual", "as it is"), ChartColor.First), (text.Say("calibrado", "calibrated"), ChartColor.Third))
            .ToSvg(Id("reliability"), text.Say(
                "Diagrama de fiabilidad: cuanto más cerca de la diagonal, más creíble es la confianza. Error de calibración "
                    + $"{text.Number(report.Evaluation.Metrics.CalibrationError.Value)}.",
                "Reliability diagram: the nearer to the diagonal, the more the confidence can be believed. Calibration error "
                    + $"{text.Number(report.Evaluation.Metrics.CalibrationError.Value)}."));

        void Add(IReadOnlyList<ReliabilityBin> bins, ChartColor color)
        {
            (double, double)[] points = [.. bins.Where(bin => bin.Count > 0).Select(bin => (bin.Confidence, bin.Accuracy))];
            chart.Line(points, color, 2).Markers(points, color);
        }
    }

    public XElement Histogram()
    {
        ScoreHistogram histogram = report.Evaluation.Histogram;
        int first = Enumerable.Range(0, histogram.Right.Count).First(bin => histogram.Right[bin] + histogram.Wrong[bin] > 0);
        double from = histogram.Edges[first];
        int most = histogram.Right.Zip(histogram.Wrong, (right, wrong) => right + wrong).Max();
        double top = NiceTop(most);
        var chart = new Chart(text, (text.Say("Confianza del modelo", "The model's confidence"), from, 1), (text.Say("Textos", "Texts"), 0, top))
            .TicksX((from < 0.5 ? Fifths : Tenths).Where(value => value >= from))
            .TicksY(Enumerable.Range(0, 5).Select(step => top * step / 4));
        double gap = (1 - from) / 200;
        for (int bin = first; bin < histogram.Right.Count; bin++)
        {
            (double left, double right) = (histogram.Edges[bin] + gap, histogram.Edges[bin + 1] - gap);
            int wrong = histogram.Wrong[bin], all = wrong + histogram.Right[bin];
            if (wrong > 0)
                chart.Bar(left, right, 0, wrong, ChartColor.Second);
            if (all > wrong)
                chart.Bar(left, right, wrong, all, ChartColor.First);
        }
        return chart
            .Legend(atTop: true, atLeft: true, (text.Say("aciertos", "right"), ChartColor.First), (text.Say("errores", "wrong"), ChartColor.Second))
            .ToSvg(Id("histogram"),
                text.Say("Cuántos textos hay con cada confianza, aciertos y errores.", "How many texts there are at each confidence, right and wrong."));
    }

    public XElement Unsure()
    {
        double lowest = Math.Floor(report.Evaluation.UnsureCurve.Min(point => point.Accuracy) * 10) / 10;
        lowest = Math.Clamp(lowest, 0, 0.9);
        return new Chart(text, (text.Say("Parte que se responde", "Share that is answered"), 0, 1),
            (text.Say("Parte que acierta", "Share that is right"), lowest, 1))
            .TicksX(Fifths).TicksY(Enumerable.Range(0, 6).Select(step => lowest + (1 - lowest) * step / 5))
            .Line([.. report.Evaluation.UnsureCurve.Select(point => (point.Coverage, point.Accuracy))], ChartColor.First)
            .ToSvg(Id("unsure"), text.Say(
                "Cuánto acierta si calla cuando no está seguro: de responder a pocos textos, a la izquierda, a responder a todos, a la derecha.",
                "How often it is right if it keeps silent when unsure: from answering few texts, at the left, to answering all, at the right."));
    }

    public XElement Learning()
    {
        IReadOnlyList<TrainingEvaluation> curve = report.Options.LearningCurve;
        double last = Math.Max(curve.Max(e => e.Epoch), 1);
        return new Chart(text, (text.Say("Época", "Epoch"), 0, last), (text.Say("En la validación", "On the validation set"), 0, 1))
            .TicksX(Enumerable.Range(0, (int)last + 1).Where(epoch => epoch % Math.Max(1, (int)last / 6) == 0).Select(epoch => (double)epoch)).TicksY(Fifths)
            .Line([.. curve.Select(e => (e.Epoch, e.Accuracy))], ChartColor.First).Markers([.. curve.Select(e => (e.Epoch, e.Accuracy))], ChartColor.First)
            .Line([.. curve.Select(e => (e.Epoch, e.MacroF1))], ChartColor.Third, dashed: true)
            .Legend(atTop: false, atLeft: false, (text.Say("exactitud", "accuracy"), ChartColor.First), ("macro-F1", ChartColor.Third))
            .ToSvg(Id("learning"), text.Say("Curva de aprendizaje: exactitud y macro-F1 en la validación, época a época.",
                "Learning curve: accuracy and macro-F1 on the validation set, epoch by epoch."));
    }

    /// <summary>Accuracy by length, each with its interval.</summary>
    public XElement Lengths(IReadOnlyList<GroupMetrics> groups)
    {
        double lowest = Math.Floor(groups.Min(group => group.Accuracy.Low) * 10) / 10;
        lowest = Math.Clamp(lowest, 0, 0.9);
        var chart = new Chart(text, (text.Say("Palabras", "Words"), 0, groups.Count), (text.Say("Exactitud", "Accuracy"), lowest, 1))
            .TicksY(Enumerable.Range(0, 6).Select(step => lowest + (1 - lowest) * step / 5));
        for (int i = 0; i < groups.Count; i++)
        {
            MetricInterval accuracy = groups[i].Accuracy;
            chart.Line([(i + 0.5, accuracy.Low), (i + 0.5, accuracy.High)], ChartColor.First, 2)
                .Line([(i + 0.42, accuracy.Low), (i + 0.58, accuracy.Low)], ChartColor.First, 2)
                .Line([(i + 0.42, accuracy.High), (i + 0.58, accuracy.High)], ChartColor.First, 2)
                .Markers([(i + 0.5, accuracy.Value)], ChartColor.First, 11)
                .NameX(i + 0.5, groups[i].Name);
        }
        return chart.ToSvg(Id("lengths"),
            text.Say("Exactitud según el número de palabras, con su intervalo del 95 %.", "Accuracy by number of words, with its 95% interval."));
    }

    private XElement Drawn(Chart chart, string id, Func<int, IReadOnlyList<CurvePoint>> curve, Func<SentimentLabelMetrics, MetricInterval> area, bool atTop,
        string name)
    {
        IReadOnlyList<SentimentLabelMetrics> classes = report.Evaluation.Metrics.Labels;
        List<(string, ChartColor)> series = [];
        for (int c = 0; c < Math.Min(classes.Count, MaxCurves); c++)
        {
            IReadOnlyList<CurvePoint> points = curve(c);
            if (points.Count == 0)
                continue;
            ChartColor color = ColorOf(c, classes.Count);
            chart.Line([.. points.Select(p => (p.X, p.Y))], color);
            series.Add(($"{ReportText.Shorten(classes[c].Label, 24)} {text.Number(area(classes[c]).Value)}", color));
        }
        return chart.Legend(atTop, atLeft: id == "pr", series).ToSvg(Id(id), $"{name}: {string.Join("; ", series.Select(s => s.Item1))}.");
    }

    /// <summary>Of two or three sentiments the first is the bad one and the last the good one; of more, a colour each.</summary>
    private static ChartColor ColorOf(int c, int classes) => classes switch
    {
        2 => c == 0 ? ChartColor.Second : ChartColor.First,
        3 => c == 0 ? ChartColor.Second : c == 1 ? ChartColor.Third : ChartColor.First,
        _ => ChartColor.First + c,
    };

    private string Id(string name) => $"{text.Code}-{name}";

    /// <summary>The next number that four steps divide well.</summary>
    private static double NiceTop(int most)
    {
        double size = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(most, 4))));
        return ((double[])[1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10]).Select(step => step * size).First(top => top >= most && top % 4 == 0 || top >= 10 * size);
    }
}
