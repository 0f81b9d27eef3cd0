using System.Buffers;
using System.Globalization;
using System.Text;

namespace SentimentML.Preprocessing;

/// <summary>Writes hashtags as words.</summary>
internal static class Hashtags
{
    private const int CapitalDottedI = 0x130, CapitalSigma = 0x3A3;

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <param name="text">The text.</param>
    /// <param name="start">What the # becomes.</param>
    public static void Split(ref TextRewriter text, string start)
    {
        ReadOnlySpan<char> chars = text.Text;
        for (int at = 0; chars[at..].IndexOf('#') is >= 0 and int found;)
        {
            int mark = at + found;
            int end = WordCharacters.RunEnd(chars, mark + 1);
            at = end;
            bool insideWord = mark > 0 && WordCharacters.IsWord(WordCharacters.CodePointBefore(chars, mark, out _));
            if (insideWord || !chars[mark..end].ContainsAny(Letters))
                continue;
            text.Replace(mark, mark + 1, start);
            SplitWords(ref text, mark + 1, end);
        }
        text.EndStep();
    }

    /// <summary>A space before each run of capitals but the first, and lower case.</summary>
    private static void SplitWords(ref TextRewriter text, int start, int end)
    {
        ReadOnlySpan<char> chars = text.Text;
        Span<char> lower = stackalloc char[2];
        for (int i = start; i < end;)
        {
            int codePoint = WordCharacters.CodePointAt(chars, i, out int length);
            if (i > start && char.IsAsciiLetterUpper(chars[i]) && !char.IsAsciiLetterUpper(chars[i - 1]))
                text.Replace(i, i, " ");
            text.Replace(i, i + length, lower[..Lower(chars, start, i, end, codePoint, lower)]);
            i += length;
        }
    }

    /// <summary>The full lower case of Unicode, with its two special letters.</summary>
    private static int Lower(ReadOnlySpan<char> chars, int start, int at, int end, int codePoint, Span<char> lower)
    {
        if (codePoint == CapitalDottedI)
        {
            "i\u0307".CopyTo(lower);
            return 2;
        }
        if (codePoint == CapitalSigma)
        {
            lower[0] = IsLastOfWord(chars, start, at, end) ? 'ς' : 'σ';
            return 1;
        }
        return Rune.ToLowerInvariant(new Rune(codePoint)).EncodeToUtf16(lower);
    }

    /// <summary>
    /// Whether a capital sigma has a letter with case before it and none behind it. Modifier letters in between do not count.
    /// A space is put before each run of capitals of ASCII, so one behind the sigma is another word.
    /// </summary>
    private static bool IsLastOfWord(ReadOnlySpan<char> chars, int start, int at, int end)
    {
        int before = at;
        while (before > start && IsModifier(chars[before - 1]))
            before--;
        int behind = at + 1;
        while (behind < end && IsModifier(chars[behind]))
            behind++;
        return before > start && HasCase(WordCharacters.CodePointBefore(chars, before, out _))
            && !(behind < end && !char.IsAsciiLetterUpper(chars[behind]) && HasCase(WordCharacters.CodePointAt(chars, behind, out _)));
    }

    private static bool IsModifier(char character) => CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.ModifierLetter;

    /// <summary>Unicode's Cased: letters with case, the ordinal signs and the Roman numerals.</summary>
    private static bool HasCase(int codePoint) => codePoint is 'ª' or 'º' or >= 0x2160 and <= 0x217F
        || CharUnicodeInfo.GetUnicodeCategory(codePoint)
            is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;
}
