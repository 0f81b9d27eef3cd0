using System.Text;
using SentimentML.Reviews;

namespace SentimentML.Evaluation;

/// <summary>Finds what is odd about a text.</summary>
internal static class OddTexts
{
    private const int VeryLongCharacters = 10_000;

    private static readonly string[] HtmlSigns = ["<br", "</", "<p>", "<div", "<span", "&amp;", "&quot;", "&nbsp;", "&lt;", "&gt;", "&#"];

    /// <summary>All that is odd about the text; nothing for an ordinary one.</summary>
    public static IEnumerable<OddText> Of(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            yield return OddText.Empty;
            yield break;
        }
        if (!text.EnumerateRunes().Any(Rune.IsLetter))
            yield return OddText.NoLetters;
        if (text.Length > VeryLongCharacters)
            yield return OddText.VeryLong;
        if (text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')))
            yield return OddText.ControlCharacters;
        if (Mojibake.IsIn(text))
            yield return OddText.BrokenEncoding;
        if (HtmlSigns.Any(sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase)))
            yield return OddText.Html;
    }
}
