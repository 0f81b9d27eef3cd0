using System.Text;

namespace SentimentML.Evaluation;

/// <summary>Finds what is odd about a text.</summary>
internal static class OddTexts
{
    private const int VeryLongCharacters = 10_000;

    /// <summary>What Windows-1252 makes of the bytes 0x80 to 0x9F, which follow "Ã" or "Â" where UTF-8 was read as it.</summary>
    private const string Windows1252 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";

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
        if (HasBrokenEncoding(text))
            yield return OddText.BrokenEncoding;
        if (HtmlSigns.Any(sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase)))
            yield return OddText.Html;
    }

    private static bool HasBrokenEncoding(string text)
    {
        // A lone surrogate is enumerated as U+FFFD, too.
        if (text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar))
            return true;
        for (int i = 0; i + 1 < text.Length; i++)
        {
            char lead = text[i], next = text[i + 1];
            if ((lead is 'Ã' or 'Â') && IsContinuation(next))
                return true;
            if (lead == 'â' && IsContinuation(next) && i + 2 < text.Length && IsContinuation(text[i + 2]))
                return true;
            if (lead == 'ð' && (next is 'Ÿ' or '\u009F'))
                return true;
        }
        return false;
    }

    private static bool IsContinuation(char c) => c is >= '\u0080' and <= '\u00BF' || Windows1252.Contains(c, StringComparison.Ordinal);
}
