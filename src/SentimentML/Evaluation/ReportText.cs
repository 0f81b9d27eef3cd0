using System.Globalization;

namespace SentimentML.Evaluation;

/// <summary>
/// How a language is written for people, words and numbers: in summaries, on pages, and in the tool's tables. The report's project compiles
/// this file too.
/// </summary>
internal sealed class ReportText
{
    public static readonly ReportText Spanish = new(ReportLanguage.Spanish), English = new(ReportLanguage.English);

    private const char NoBreak = '\u00A0', ThinNoBreak = '\u202F';

    /// <summary>Numbers in a sentence: a decimal comma and thin spaces in Spanish.</summary>
    private readonly NumberFormatInfo _numbers;

    private readonly bool _isSpanish;

    private ReportText(ReportLanguage language)
    {
        Language = language;
        _isSpanish = language == ReportLanguage.Spanish;
        _numbers = _isSpanish
            ? new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = $"{ThinNoBreak}", PercentDecimalSeparator = ",",
                PercentGroupSeparator = $"{ThinNoBreak}" }
            : NumberFormatInfo.InvariantInfo;
    }

    public static ReportText In(ReportLanguage language) => language == ReportLanguage.Spanish ? Spanish : English;

    public ReportLanguage Language { get; }

    /// <summary>The language's code: es or en.</summary>
    public string Code => _isSpanish ? "es" : "en";

    public string Say(string spanish, string english) => _isSpanish ? spanish : english;

    /// <summary>A sentence with numbers, which are written as the language does.</summary>
    public string Format(FormattableString spanish, FormattableString english) => (_isSpanish ? spanish : english).ToString(_numbers);

    /// <summary>A number by .NET's format string.</summary>
    public string Number(double value, string format) => value.ToString(format, _numbers);

    /// <summary>A figure, to three decimals; a dash where it is not defined.</summary>
    public string Number(double value, int digits = 3) => double.IsFinite(value) ? value.ToString("F" + digits, _numbers) : "–";

    public string Percent(double share, int digits = 1) => double.IsFinite(share) ? Number(100 * share, digits) + (_isSpanish ? $"{NoBreak}%" : "%") : "–";

    /// <summary>Thousands are set apart by a thin space in Spanish, from five digits on, and by a comma in English.</summary>
    public string Count(long value) => value.ToString(_isSpanish && Math.Abs(value) < 10_000 ? "D" : "N0", _numbers);

    /// <summary>"0.931 – 0.946"; empty if there is no interval.</summary>
    public string Interval(MetricInterval figure) => double.IsFinite(figure.Low) && double.IsFinite(figure.High)
        ? $"{Number(figure.Low)}{NoBreak}–{NoBreak}{Number(figure.High)}"
        : "";

    /// <summary>A number of an axis: as short as it can be.</summary>
    public string Tick(double value) => Math.Abs(value) >= 10_000 ? Count((long)value) : Number(value, "0.###");

    public static string Shorten(string text, int most)
    {
        if (text.Length <= most)
            return text;
        int end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }
}
