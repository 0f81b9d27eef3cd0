using SentimentML.Wording;

namespace SentimentML.Evaluation;

/// <summary>
/// Says in words what the figures mean: whether the model is good and compared with what, which class it finds worst, and
/// whether its probabilities can be believed. Paragraphs are separated by a blank line.
/// </summary>
internal sealed class EvaluationSummary
{
    /// <summary>A share of what the simplest answer leaves to be won.</summary>
    private const double VeryGood = 0.8, Good = 0.6, Fair = 0.35;

    private const double WellCalibrated = 0.03;
    private const int MinRows = 200;
    private const char NoBreak = '\u00A0';

    private readonly SentimentMetrics _metrics;
    private readonly ReportText _text;

    private EvaluationSummary(SentimentMetrics metrics, ReportLanguage language)
    {
        _metrics = metrics;
        _text = ReportText.In(language);
    }

    /// <summary>Writes the summary.</summary>
    /// <param name="metrics">The evaluated model's metrics.</param>
    /// <param name="language">The language to write in.</param>
    /// <param name="calibration">A temperature fitted for the model and not used in the metrics; null if there is none.</param>
    public static string Write(SentimentMetrics metrics, ReportLanguage language, Calibration? calibration = null)
    {
        EvaluationSummary summary = new(metrics, language);
        string?[] paragraphs =
        [
            summary.Headline(),
            summary.Verdict(),
            summary.WeakestLabel(),
            summary.Trust(calibration),
            summary.FewRows(),
        ];
        return string.Join("\n\n", paragraphs.OfType<string>());
    }

    private double Headlined => _metrics.IsUnbalanced ? _metrics.MacroF1.Value : _metrics.Accuracy.Value;

    private string Headline()
    {
        MetricInterval accuracy = _metrics.Accuracy, macro = _metrics.MacroF1;
        if (!_metrics.IsUnbalanced)
        {
            return Say(
                $"De {Count(_metrics.RowCount)} textos, el modelo acierta el {Percent(accuracy.Value)}{Interval(accuracy, Percent)}.",
                $"Of {Count(_metrics.RowCount)} texts the model has {Percent(accuracy.Value)} right{Interval(accuracy, Percent)}.");
        }
        SentimentLabelMetrics largest = _metrics.Labels.MaxBy(c => c.Support)!;
        return Say(
            $"Las clases están desequilibradas: el {Percent(_metrics.MajorityAccuracy)} de los {Count(_metrics.RowCount)} textos es «{largest.Label}». Por "
                + $"eso cuenta la macro-F1, en la que cada clase pesa lo mismo: {Number(macro.Value)}{Interval(macro, Number)}. La exactitud, "
                + $"{Percent(accuracy.Value)}, dice menos: responder siempre «{largest.Label}» ya daría el {Percent(_metrics.MajorityAccuracy)}.",
            $"The classes are unbalanced: {Percent(_metrics.MajorityAccuracy)} of the {Count(_metrics.RowCount)} texts are \"{largest.Label}\". So macro-F1 "
                + $"is what counts, where every class weighs the same: {Number(macro.Value)}{Interval(macro, Number)}. The accuracy, "
                + $"{Percent(accuracy.Value)}, says less: always answering \"{largest.Label}\" would already give {Percent(_metrics.MajorityAccuracy)}.");
    }

    /// <summary>How much of what always giving the same answer leaves to be won, the model wins.</summary>
    private string Verdict()
    {
        SentimentLabelMetrics largest = _metrics.Labels.MaxBy(c => c.Support)!;
        double simplest = _metrics.IsUnbalanced ? MacroF1OfMajority() : _metrics.MajorityAccuracy;
        MetricInterval interval = _metrics.IsUnbalanced ? _metrics.MacroF1 : _metrics.Accuracy;
        string simplestText = _metrics.IsUnbalanced ? Number(simplest) : Percent(simplest);
        if (largest.Support == _metrics.RowCount)
        {
            return Say(
                $"Todos los textos son «{largest.Label}»: con ellos no se puede saber si el modelo distingue las clases.",
                $"All texts are \"{largest.Label}\": they cannot tell whether the model tells the classes apart.");
        }
        bool isUncertain = double.IsNaN(interval.Low) ? _metrics.Accuracy.Low <= _metrics.MajorityAccuracy : interval.Low <= simplest;
        if (interval.Value > simplest && isUncertain)
        {
            return Say(
                $"Estos textos no bastan para decir que sea mejor que responder siempre «{largest.Label}» ({simplestText}).",
                $"These texts are not enough to say that it is better than always answering \"{largest.Label}\" ({simplestText}).");
        }
        if (interval.Value <= simplest)
        {
            return Say(
                $"No es mejor que responder siempre «{largest.Label}» ({simplestText}): así no sirve.",
                $"It is no better than always answering \"{largest.Label}\" ({simplestText}): as it is, it is of no use.");
        }
        double won = (Headlined - simplest) / (1 - simplest);
        string spanish = won >= VeryGood ? "muy bueno" : won >= Good ? "bueno" : won >= Fair ? "regular" : "flojo";
        string english = won >= VeryGood ? "very good" : won >= Good ? "good" : won >= Fair ? "fair" : "weak";
        return Say(
            $"El resultado es {spanish}: responder siempre «{largest.Label}» daría {simplestText}, y el modelo gana el {Percent(won, 0)} de lo que falta "
                + "hasta la perfección.",
            $"That is {english}: always answering \"{largest.Label}\" would give {simplestText}, and the model wins {Percent(won, 0)} of what is missing from "
                + "there to perfection.");
    }

    private double MacroF1OfMajority()
    {
        double share = _metrics.MajorityAccuracy;
        return 2 * share / (1 + share) / _metrics.Labels.Count(c => c.Support > 0);
    }

    private string? WeakestLabel()
    {
        SentimentLabelMetrics? weakest = _metrics.Labels.Where(c => c.Support > 0).MinBy(c => c.F1.Value);
        if (weakest is null || weakest.F1.Value >= 1)
            return null;
        int place = Enumerable.Range(0, _metrics.Labels.Count).First(label => _metrics.Labels[label] == weakest);
        if (_metrics.Confusion.All(row => row[place] == 0))
        {
            return Say(
                $"El modelo nunca responde «{weakest.Label}», que es la clase de {Count(weakest.Support)} textos.",
                $"The model never answers \"{weakest.Label}\", the class of {Count(weakest.Support)} texts.");
        }
        return Say(
            $"La clase que peor reconoce es «{weakest.Label}»: de {Count(weakest.Support)} textos encuentra el {Percent(weakest.Recall.Value)}, y cuando "
                + $"responde «{weakest.Label}» acierta el {Percent(weakest.Precision.Value)}.",
            $"The class that it knows worst is \"{weakest.Label}\": of {Count(weakest.Support)} texts it finds {Percent(weakest.Recall.Value)}, and when it "
                + $"answers \"{weakest.Label}\" it is right in {Percent(weakest.Precision.Value)}.");
    }

    private string Trust(Calibration? calibration)
    {
        double gap = _metrics.MeanConfidence - _metrics.Accuracy.Value;
        string figures = Say(
            $"su confianza media es {Percent(_metrics.MeanConfidence)} y acierta el {Percent(_metrics.Accuracy.Value)}; error de calibración "
                + $"{Number(_metrics.CalibrationError.Value)}",
            $"its mean confidence is {Percent(_metrics.MeanConfidence)} and it is right in {Percent(_metrics.Accuracy.Value)}; calibration error "
                + $"{Number(_metrics.CalibrationError.Value)}");
        string verdict = _metrics.CalibrationError.Value <= WellCalibrated
            ? Say($"Sus probabilidades se pueden creer: {figures}.", $"Its probabilities can be believed: {figures}.")
            : Math.Abs(gap) < WellCalibrated / 2
                ? Say($"Sus probabilidades se desvían en ambos sentidos: {figures}.", $"Its probabilities are off in both directions: {figures}.")
                : gap > 0
                    ? Say($"Está demasiado seguro de sí mismo: {figures}.", $"It is too sure of itself: {figures}.")
                    : Say($"Está menos seguro de lo que podría: {figures}.", $"It is less sure than it could be: {figures}.");
        if (calibration is null || Math.Abs(calibration.Temperature - 1) < 0.02)
            return verdict;
        return verdict + " " + Say(
            $"Con la temperatura {Number(calibration.Temperature, 2)}, ajustada en la validación, sus probabilidades mejoran sin cambiar ninguna respuesta.",
            $"With the temperature {Number(calibration.Temperature, 2)}, fitted on the validation set, its probabilities get better and no answer changes.");
    }

    private string? FewRows() => _metrics.RowCount >= MinRows ? null : Say(
        $"Son solo {Count(_metrics.RowCount)} textos: los intervalos son anchos y el resultado puede cambiar con otros.",
        $"These are {Count(_metrics.RowCount)} texts only: the intervals are wide, and the result may change with others.");

    private string Say(string spanish, string english) => _text.Say(spanish, english);

    private string Interval(MetricInterval interval, Func<double, string> format)
    {
        if (double.IsNaN(interval.Low))
            return "";
        return Say(
            $" (intervalo del 95{NoBreak}%: de {format(interval.Low)} a {format(interval.High)})",
            $" (95% interval: {format(interval.Low)} to {format(interval.High)})");
    }

    private string Percent(double share) => _text.Percent(share);

    private string Percent(double share, int digits) => _text.Percent(share, digits);

    private string Number(double value) => _text.Number(value);

    private string Number(double value, int digits) => _text.Number(value, digits);

    private string Count(int value) => _text.Count(value);
}
