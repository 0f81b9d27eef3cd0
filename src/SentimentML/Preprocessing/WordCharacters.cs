using System.Globalization;

namespace SentimentML.Preprocessing;

/// <summary>
/// The characters that <c>\w</c> matches in Python: letters, numbers of every kind and the underscore. Unlike .NET's, it has
/// no combining marks and no other connectors, and it counts code points outside the basic plane. A lone surrogate is none.
/// </summary>
internal static class WordCharacters
{
    /// <summary>The code point that starts at a unit; a lone surrogate is itself.</summary>
    public static int CodePointAt(ReadOnlySpan<char> text, int at, out int length)
    {
        char first = text[at];
        length = char.IsHighSurrogate(first) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
        return length == 2 ? char.ConvertToUtf32(first, text[at + 1]) : first;
    }

    /// <summary>The code point that ends before a unit.</summary>
    public static int CodePointBefore(ReadOnlySpan<char> text, int end, out int length)
    {
        char last = text[end - 1];
        length = char.IsLowSurrogate(last) && end > 1 && char.IsHighSurrogate(text[end - 2]) ? 2 : 1;
        return length == 2 ? char.ConvertToUtf32(text[end - 2], last) : last;
    }

    public static bool IsWord(int codePoint)
    {
        if (codePoint < 0x80)
            return char.IsAsciiLetterOrDigit((char)codePoint) || codePoint == '_';
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
    }

    /// <summary>The end of the run of word characters that starts at a unit.</summary>
    public static int RunEnd(ReadOnlySpan<char> text, int start)
    {
        while (start < text.Length && IsWord(CodePointAt(text, start, out int length)))
            start += length;
        return start;
    }

    /// <summary>The start of the run of word characters that ends before a unit.</summary>
    public static int RunStart(ReadOnlySpan<char> text, int end)
    {
        while (end > 0 && IsWord(CodePointBefore(text, end, out int length)))
            end -= length;
        return end;
    }
}
