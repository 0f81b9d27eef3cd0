using System.Buffers;
using System.Text;

namespace SentimentML.Reviews;

/// <summary>Texts that were read in another encoding than they were saved in, and saved again: "rompiÃ³" for "rompió".</summary>
internal static class Mojibake
{
    /// <summary>What Windows-1252 makes of the bytes 0x80 to 0x9F, which follow "Ã" or "Â" where UTF-8 was read as it.</summary>
    private const string Windows1252 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";

    private static readonly SearchValues<char> Leads = SearchValues.Create("ÃÂâð\uFFFD");

    /// <summary>Whether a text has such letters, or what stands in place of those that were lost.</summary>
    public static bool IsIn(string text)
    {
        if (!text.AsSpan().ContainsAny(Leads) && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return false;
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
