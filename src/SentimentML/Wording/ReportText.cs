using System.Globalization;

namespace SentimentML.Wording;

/// <summary>
/// How a language is written for people, words and numbers: in warnings and the log, in summaries, on pages, and in the tool's tables. The
/// report's project compiles this file too.
/// </summary>
internal sealed class ReportText
{
    public static readonly ReportText Spanish = new(ReportLanguage.Spanish), English = new(ReportLanguage.English);

    private const char NoBreak = '\u00A0', ThinNoBreak = '\u202F';

    /// <summary>Numbers in a sentence: a decimal comma and thin spaces in Spanish.</summary>
    private readonly NumberFormatInfo _numbers;

    private readonly bool _isSpanish;
    private readonly Writing _writing;

    private ReportText(ReportLanguage language)
    {
        Language = language;
        _isSpanish = language == ReportLanguage.Spanish;
        _numbers = _isSpanish
            ? new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = $"{ThinNoBreak}", PercentDecimalSeparator = ",",
                PercentGroupSeparator = $"{ThinNoBreak}" }
            : NumberFormatInfo.InvariantInfo;
        _writing = new Writing(this);
    }

    /// <summary>What warnings and the log are written in: Spanish where <see cref="CultureInfo.CurrentUICulture"/> is, else English.</summary>
    public static ReportText Current => In(Of(CultureInfo.CurrentUICulture.Name));

    public static ReportText In(ReportLanguage language) => language == ReportLanguage.Spanish ? Spanish : English;

    /// <summary>The language of a locale such as es_ES.UTF-8 or es-MX; English for anything but Spanish.</summary>
    public static ReportLanguage Of(string? locale) =>
        locale?.Split('_', '-', '.', '@')[0].Equals("es", StringComparison.OrdinalIgnoreCase) == true ? ReportLanguage.Spanish : ReportLanguage.English;

    public ReportLanguage Language { get; }

    /// <summary>The language's code: es or en.</summary>
    public string Code => _isSpanish ? "es" : "en";

    public string Say(string spanish, string english) => _isSpanish ? spanish : english;

    /// <summary>A sentence with numbers, which are written as the language does.</summary>
    public string Format(FormattableString spanish, FormattableString english) => (_isSpanish ? spanish : english).ToString(_writing);

    /// <summary>A number by .NET's format string.</summary>
    public string Number(double value, string format) =>
        format == "N0" && Math.Abs(value) < long.MaxValue ? Count((long)Math.Round(value)) : value.ToString(format, _numbers);

    /// <summary>"1 epoch", "2 epochs".</summary>
    public string Counted(long count, (string One, string Many) spanish, (string One, string Many) english)
    {
        (string one, string many) = _isSpanish ? spanish : english;
        return $"{Count(count)} {(count == 1 ? one : many)}";
    }

    /// <summary>A figure, to three decimals; a dash where it is not defined.</summary>
    public string Number(double value, int digits = 3) => double.IsFinite(value) ? value.ToString("F" + digits, _numbers) : "–";

    public string Percent(double share, int digits = 1) => double.IsFinite(share) ? Number(100 * share, digits) + (_isSpanish ? $"{NoBreak}%" : "%") : "–";

    /// <summary>Thousands are set apart by a thin space in Spanish, from five digits on, and by a comma in English.</summary>
    public string Count(long value) => value.ToString(_isSpanish && Math.Abs(value) < 10_000 ? "D" : "N0", _numbers);

    /// <summary>"0.931 – 0.946"; empty if there is no interval.</summary>
    public string Interval(double low, double high) =>
        double.IsFinite(low) && double.IsFinite(high) ? $"{Number(low)}{NoBreak}–{NoBreak}{Number(high)}" : "";

    /// <summary>Numbers inside sentences: whole ones with thousands apart as <see cref="Count"/> writes them everywhere.</summary>
    private sealed class Writing(ReportText text) : IFormatProvider, ICustomFormatter
    {
        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : text._numbers.GetFormat(formatType);

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            int or long or double when format == "N0" => text.Number(Convert.ToDouble(arg, CultureInfo.InvariantCulture), format),
            IFormattable formattable => formattable.ToString(format, text._numbers),
            _ => arg?.ToString() ?? "",
        };
    }

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
