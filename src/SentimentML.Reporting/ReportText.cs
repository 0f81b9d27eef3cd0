using System.Globalization;

namespace SentimentML.Reporting;

/// <summary>How the page speaks in one language: words and numbers.</summary>
internal sealed class ReportText(bool isSpanish)
{
    public static readonly ReportText Spanish = new(true), English = new(false);

    private const char NoBreak = '\u00A0', ThinNoBreak = '\u202F';

    public ReportLanguage Language => isSpanish ? ReportLanguage.Spanish : ReportLanguage.English;

    /// <summary>The language's code: es or en.</summary>
    public string Code => isSpanish ? "es" : "en";

    public string Say(string spanish, string english) => isSpanish ? spanish : english;

    /// <summary>A figure, to three decimals; a dash where it is not defined.</summary>
    public string Number(double value, int digits = 3) => double.IsFinite(value) ? Decimal(value.ToString("F" + digits, CultureInfo.InvariantCulture)) : "–";

    public string Percent(double share, int digits = 1) => double.IsFinite(share) ? Number(100 * share, digits) + (isSpanish ? $"{NoBreak}%" : "%") : "–";

    /// <summary>Thousands are set apart by a thin space in Spanish, from five digits on, and by a comma in English.</summary>
    public string Count(long value) => isSpanish
        ? Math.Abs(value) < 10_000 ? value.ToString(CultureInfo.InvariantCulture) : value.ToString("N0", CultureInfo.InvariantCulture).Replace(',', ThinNoBreak)
        : value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"0.931 to 0.946"; empty if there is no interval.</summary>
    public string Interval(MetricInterval figure) => double.IsFinite(figure.Low) && double.IsFinite(figure.High)
        ? $"{Number(figure.Low)}{NoBreak}–{NoBreak}{Number(figure.High)}"
        : "";

    /// <summary>A number of an axis: as short as it can be.</summary>
    public string Tick(double value) => Math.Abs(value) >= 10_000 ? Count((long)value) : Decimal(value.ToString("0.###", CultureInfo.InvariantCulture));

    public static string Shorten(string text, int most)
    {
        if (text.Length <= most)
            return text;
        int end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }

    private string Decimal(string number) => isSpanish ? number.Replace('.', ',') : number;
}
