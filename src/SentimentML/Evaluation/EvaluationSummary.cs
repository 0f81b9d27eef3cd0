using System.Globalization;

namespace SentimentML.Evaluation;

/// <summary>
/// Says in words what the figures mean: whether the model is good and compared with what, which class it finds worst, and
/// whether its probabilities can be believed. Paragraphs are separated by a blank line.
/// </summary>
internal sealed class EvaluationSummary
{
    /// <summary>A share of what the simplest answer leaves to be won.</summary>
    private const double VeryGood = 0.8, Good = 0.6, Fair = 0.35;

    private const double Significant = 0.05;
    private const double WellCalibrated = 0.03;
    private const int EnoughRows = 200;
    private const char NoBreak = '\u00A0';

    private readonly SentimentMetrics metrics;
    private readonly bool isSpanish;

    private EvaluationSummary(SentimentMetrics metrics, SummaryLanguage language)
    {
        this.metrics = metrics;
        isSpanish = language == SummaryLanguage.Spanish;
    }

    /// <summary>Writes the summary.</summary>
    /// <param name="metrics">The evaluated model's metrics.</param>
    /// <param name="language">The language to write in.</param>
    /// <param name="baseline">A simpler model on the same rows; null where there is none.</param>
    /// <param name="calibration">A temperature fitted for the model and not used in the metrics; null where there is none.</param>
    public static string Write(SentimentMetrics metrics, SummaryLanguage language, SummaryBaseline? baseline = null, Calibration? calibration = null)
    {
        EvaluationSummary summary = new(metrics, language);
        string?[] paragraphs =
        [
            summary.Headline(),
            summary.Verdict(),
            baseline is null ? null : summary.Comparison(baseline),
            summary.WeakestClass(),
            summary.Trust(calibration),
            summary.FewRows(),
        ];
        return string.Join("\n\n", paragraphs.OfType<string>());
    }

    private double Headlined => metrics.IsUnbalanced ? metrics.MacroF1.Value : metrics.Accuracy.Value;

    private string Headline()
    {
        MetricInterval accuracy = metrics.Accuracy, macro = metrics.MacroF1;
        if (!metrics.IsUnbalanced)
        {
            return Say(
                $"De {Count(metrics.RowCount)} textos, el modelo acierta el {Percent(accuracy.Value)}{Interval(accuracy, Percent)}.",
                $"Of {Count(metrics.RowCount)} texts the model has {Percent(accuracy.Value)} right{Interval(accuracy, Percent)}.");
        }
        SentimentClassMetrics largest = metrics.Classes.MaxBy(c => c.Support)!;
        return Say(
            $"Las clases están desequilibradas: el {Percent(metrics.MajorityAccuracy)} de los {Count(metrics.RowCount)} textos es «{largest.Label}». Por eso cuenta la macro-F1, en la que cada clase pesa lo mismo: {Number(macro.Value)}{Interval(macro, Number)}. La exactitud, {Percent(accuracy.Value)}, engaña: responder siempre «{largest.Label}» ya daría el {Percent(metrics.MajorityAccuracy)}.",
            $"The classes are unbalanced: {Percent(metrics.MajorityAccuracy)} of the {Count(metrics.RowCount)} texts are \"{largest.Label}\". So macro-F1 is what counts, where every class weighs the same: {Number(macro.Value)}{Interval(macro, Number)}. The accuracy, {Percent(accuracy.Value)}, misleads: always answering \"{largest.Label}\" would already give {Percent(metrics.MajorityAccuracy)}.");
    }

    /// <summary>How much of what always giving the same answer leaves to be won, the model wins.</summary>
    private string Verdict()
    {
        SentimentClassMetrics largest = metrics.Classes.MaxBy(c => c.Support)!;
        double simplest = metrics.IsUnbalanced ? MacroF1OfMajority() : metrics.MajorityAccuracy;
        MetricInterval interval = metrics.IsUnbalanced ? metrics.MacroF1 : metrics.Accuracy;
        string simplestText = metrics.IsUnbalanced ? Number(simplest) : Percent(simplest);
        if (largest.Support == metrics.RowCount)
        {
            return Say(
                $"Todos los textos son «{largest.Label}»: con ellos no se puede saber si el modelo distingue las clases.",
                $"All texts are \"{largest.Label}\": they cannot tell whether the model tells the classes apart.");
        }
        if (interval.Value > simplest && interval.Low <= simplest)
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
            $"El resultado es {spanish}: responder siempre «{largest.Label}» daría {simplestText}, y el modelo gana el {Percent(won, 0)} de lo que falta hasta la perfección.",
            $"That is {english}: always answering \"{largest.Label}\" would give {simplestText}, and the model wins {Percent(won, 0)} of what is missing from there to perfection.");
    }

    private double MacroF1OfMajority()
    {
        double share = metrics.MajorityAccuracy;
        return 2 * share / (1 + share) / metrics.Classes.Count(c => c.Support > 0);
    }

    private string Comparison(SummaryBaseline baseline)
    {
        double own = Headlined, other = metrics.IsUnbalanced ? baseline.Metrics.MacroF1.Value : baseline.Metrics.Accuracy.Value;
        string ownText = metrics.IsUnbalanced ? Number(own) : Percent(own), otherText = metrics.IsUnbalanced ? Number(other) : Percent(other);
        string figure = metrics.IsUnbalanced ? "macro-F1 " : "";
        string counts = Say(
            $"McNemar, {PValue(baseline.Test.PValue)}: solo este acierta {Count(baseline.Test.OnlyFirstRight)} textos, solo el otro {Count(baseline.Test.OnlySecondRight)}",
            $"McNemar, {PValue(baseline.Test.PValue)}: only this one has {Count(baseline.Test.OnlyFirstRight)} texts right, only the other {Count(baseline.Test.OnlySecondRight)}");
        bool isChance = baseline.Test.PValue >= Significant;
        bool isBetter = baseline.Test.OnlyFirstRight > baseline.Test.OnlySecondRight;
        if (isChance)
        {
            return Say(
                $"Frente a «{baseline.Name}» ({figure}{otherText}; este, {ownText}) estos textos no muestran diferencia ({counts}). El modelo más sencillo puede bastar.",
                $"Against \"{baseline.Name}\" ({figure}{otherText}; this one {ownText}) these texts show no difference ({counts}). The simpler model may be enough.");
        }
        if (isBetter && own < other)
        {
            return Say(
                $"Acierta más textos que «{baseline.Name}» ({counts}), pero su macro-F1 es menor: {ownText} frente a {otherText}. Encuentra peor las clases pequeñas.",
                $"It has more texts right than \"{baseline.Name}\" ({counts}), but its macro-F1 is lower: {ownText} against {otherText}. It finds the small classes worse.");
        }
        if (!isBetter && own > other)
        {
            return Say(
                $"Acierta menos textos que «{baseline.Name}» ({counts}), pero su macro-F1 es mayor: {ownText} frente a {otherText}. Encuentra mejor las clases pequeñas.",
                $"It has fewer texts right than \"{baseline.Name}\" ({counts}), but its macro-F1 is higher: {ownText} against {otherText}. It finds the small classes better.");
        }
        return isBetter
            ? Say(
                $"Es mejor que «{baseline.Name}» ({figure}{ownText} frente a {otherText}), y no por azar ({counts}).",
                $"It is better than \"{baseline.Name}\" ({figure}{ownText} against {otherText}), and not by chance ({counts}).")
            : Say(
                $"«{baseline.Name}», más sencillo, es mejor ({figure}{otherText} frente a {ownText}), y no por azar ({counts}). Conviene usarlo.",
                $"\"{baseline.Name}\", which is simpler, is better ({figure}{otherText} against {ownText}), and not by chance ({counts}). Use it instead.");
    }

    private string? WeakestClass()
    {
        SentimentClassMetrics? weakest = metrics.Classes.Where(c => c.Support > 0).MinBy(c => c.F1.Value);
        if (weakest is null || weakest.F1.Value >= 1)
            return null;
        return Say(
            $"La clase que peor reconoce es «{weakest.Label}»: de {Count(weakest.Support)} textos encuentra el {Percent(weakest.Recall.Value)}, y cuando responde «{weakest.Label}» acierta el {Percent(weakest.Precision.Value)}.",
            $"The class that it knows worst is \"{weakest.Label}\": of {Count(weakest.Support)} texts it finds {Percent(weakest.Recall.Value)}, and when it answers \"{weakest.Label}\" it is right in {Percent(weakest.Precision.Value)}.");
    }

    private string Trust(Calibration? calibration)
    {
        double gap = metrics.MeanConfidence - metrics.Accuracy.Value;
        string figures = Say(
            $"su confianza media es {Percent(metrics.MeanConfidence)} y acierta el {Percent(metrics.Accuracy.Value)}; error de calibración {Number(metrics.CalibrationError.Value)}",
            $"its mean confidence is {Percent(metrics.MeanConfidence)} and it is right in {Percent(metrics.Accuracy.Value)}; calibration error {Number(metrics.CalibrationError.Value)}");
        string verdict = metrics.CalibrationError.Value <= WellCalibrated
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

    private string? FewRows() => metrics.RowCount >= EnoughRows ? null : Say(
        $"Son solo {Count(metrics.RowCount)} textos: los intervalos son anchos y el resultado puede cambiar con otros.",
        $"These are {Count(metrics.RowCount)} texts only: the intervals are wide, and the result may change with others.");

    private string Say(string spanish, string english) => isSpanish ? spanish : english;

    private string Interval(MetricInterval interval, Func<double, string> format)
    {
        if (double.IsNaN(interval.Low))
            return "";
        return Say(
            $" (intervalo del 95{NoBreak}%: de {format(interval.Low)} a {format(interval.High)})",
            $" (95% interval: {format(interval.Low)} to {format(interval.High)})");
    }

    private string Percent(double share) => Percent(share, 1);

    private string Percent(double share, int digits)
    {
        string number = Number(100 * share, digits);
        return isSpanish ? $"{number}{NoBreak}%" : $"{number}%";
    }

    private string Number(double value) => Number(value, 3);

    private string Number(double value, int digits)
    {
        string text = value.ToString("F" + digits, CultureInfo.InvariantCulture);
        return isSpanish ? text.Replace('.', ',') : text;
    }

    private string PValue(double value) => value < 0.001 ? $"p < {Number(0.001, 3)}" : $"p = {Number(value, value < 0.01 ? 3 : 2)}";

    /// <summary>Thousands are set apart by a thin space in Spanish, from five digits on, and by a comma in English.</summary>
    private string Count(int value)
    {
        if (isSpanish)
            return value < 10_000 ? value.ToString(CultureInfo.InvariantCulture) : value.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '\u202F');
        return value.ToString("N0", CultureInfo.InvariantCulture);
    }
}
