using System.Globalization;
using System.Text;

/// <summary>
/// What people put around a text and what says nothing of its sentiment: other ends, quotes, bullets, dates, hashtags, what data sets
/// have in place of handles and links. In texts that stand for real ones "!!!" is nearly always praise, and a list's number a fact.
/// </summary>
internal static class Dressing
{
    private const double Share = 0.6;

    private static readonly string[] s_ends = ["", "", ".", ".", "!", "!!", "!!!", "...", "…"];

    private static readonly string[] s_befores =
    [
        "RT @ana: ", "- ", "* ", "• ", "1. ", "2) ", "12/03/2021 ", "2021-03-12 10:05 ", "Opinión: ", "Comentario: ", "@ana: ", "> ",
    ];

    private static readonly string[] s_afters =
    [
        " #Madrid", " #lunes", " #opinion", " #reseña", " #FelizLunes", " http", " url", " HTTPURL", " [link]", " <br />", " (1/2)", " vía @ana", " &amp;",
        " 12", " @USER", " <url>", " 10/10/2022",
    ];

    /// <summary>The text dressed once or twice, or as it is.</summary>
    public static string Of(string text, Random random)
    {
        if (random.NextDouble() >= Share)
            return text;
        string once = Once(text, random);
        return random.Next(3) == 0 ? Once(once, random) : once;
    }

    private static string Once(string text, Random random)
    {
        string trimmed = text.TrimEnd();
        return random.Next(10) switch
        {
            < 4 when !trimmed.EndsWith('?') => Ended(trimmed.TrimEnd('.', '!', '…', ' '), s_ends[random.Next(s_ends.Length)], random),
            4 => Enclosed(trimmed, random),
            5 => random.Next(3) switch
            {
                0 => text.ToLowerInvariant(),
                1 => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text),
                _ => WithoutAcute(text),
            },
            6 or 7 => s_befores[random.Next(s_befores.Length)] + text,
            8 or 9 => trimmed + s_afters[random.Next(s_afters.Length)],
            _ => text,
        };
    }

    private static string Ended(string text, string end, Random random) =>
        (end.StartsWith('!') && random.Next(3) == 0 && !text.Contains('¡') ? "¡" : "") + text + end;

    private static string Enclosed(string text, Random random) => random.Next(6) switch
    {
        0 => $"\"{text}\"",
        1 => $"“{text}”",
        2 => $"«{text}»",
        3 or 4 => $"({text})",
        _ => $"'{text}'",
    };

    private static string WithoutAcute(string text) =>
        string.Concat(text.Normalize(NormalizationForm.FormD).Where(c => c != '\u0301')).Normalize(NormalizationForm.FormC);
}
