using System.Globalization;
using System.Text;

namespace SentimentML.Tokenization;

/// <summary>
/// Cuts text into the words that byte-pair merges stay inside: by hand, what GPT-2's regular expression says,
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>. Nothing is lost: the words put
/// together are the text. By hand because compiling the expression alone would cost more than reading a vocabulary.
/// </summary>
internal static class Gpt2Splitter
{
    private enum Kind : byte
    {
        Other,
        Letter,
        Number,
        Space,
    }

    /// <summary>Kinds of the Latin characters, which nearly all Spanish text is made of.</summary>
    private static readonly Kind[] Latin = MakeLatin();

    /// <summary>The end of the word that begins at <paramref name="start"/>, which must lie inside the text.</summary>
    public static int EndOfWord(ReadOnlySpan<char> text, int start)
    {
        char first = text[start];
        if (first == '\'' && Contraction(text[start..]) is > 0 and int contraction)
            return start + contraction;

        // " ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+": a run of one kind, with one plain space in front
        int run = first == ' ' ? start + 1 : start;
        if (run < text.Length && KindAt(text, run, out int width) is not Kind.Space and Kind kind)
            return EndOfRun(text, run + width, kind);

        // "\s+(?!\S)|\s+": white space up to its last character, which goes with what follows
        int end = EndOfRun(text, start + 1, Kind.Space);
        return end == text.Length || end == start + 1 ? end : end - 1;
    }

    private static int Contraction(ReadOnlySpan<char> text) => text switch
    {
        ['\'', 's' or 't' or 'm' or 'd', ..] => 2,
        ['\'', 'r' or 'v', 'e', ..] or ['\'', 'l', 'l', ..] => 3,
        _ => 0,
    };

    private static int EndOfRun(ReadOnlySpan<char> text, int at, Kind kind)
    {
        while (at < text.Length && KindAt(text, at, out int width) == kind)
            at += width;
        return at;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int at, out int width)
    {
        char c = text[at];
        width = 1;
        if (c < Latin.Length)
            return Latin[c];
        if (!char.IsSurrogate(c))
            return KindOf(c);
        if (at + 1 < text.Length && Rune.TryCreate(c, text[at + 1], out Rune rune))
        {
            width = 2;
            return KindOf(rune.Value);
        }
        return Kind.Other; // a lone surrogate is read as U+FFFD, a symbol
    }

    private static Kind KindOf(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
        _ => codePoint <= char.MaxValue && char.IsWhiteSpace((char)codePoint) ? Kind.Space : Kind.Other,
    };

    private static Kind[] MakeLatin()
    {
        var kinds = new Kind[0x250];
        for (int c = 0; c < kinds.Length; c++)
            kinds[c] = KindOf(c);
        return kinds;
    }
}
