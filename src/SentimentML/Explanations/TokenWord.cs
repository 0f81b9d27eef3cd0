using System.Globalization;
using System.Text;

namespace SentimentML.Explanations;

/// <summary>A word of a text and the tokens that it was cut into.</summary>
/// <param name="FirstToken">Its first token in the row.</param>
/// <param name="EndToken">The token behind its last.</param>
/// <param name="Start">Where the word begins in the text, in UTF-16 units.</param>
/// <param name="End">The unit behind its last.</param>
internal readonly record struct TokenWord(int FirstToken, int EndToken, int Start, int End)
{
    /// <summary>
    /// Puts tokens together to words: runs of letters and digits, and runs of anything else but white space. White space
    /// counts to the word behind it, as in RoBERTa's own tokens, which begin with their space; at the end to the last word.
    /// Every token is in one word.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="offsets">The row's tokens' places in it.</param>
    /// <param name="tokens">Which of the row's tokens are the text's.</param>
    public static List<TokenWord> Of(string text, IReadOnlyList<TokenOffset> offsets, Range tokens)
    {
        (int firstToken, int endToken) = (tokens.Start.GetOffset(offsets.Count), tokens.End.GetOffset(offsets.Count));
        List<TokenWord> words = [];
        int open = firstToken; // the first token that is in no word yet
        for (int token = firstToken; token < endToken; token++)
        {
            (int start, int end) = Trimmed(text, offsets[token]);
            if (start == end)
                continue;
            if (words.Count > 0 && open == token && GoesOn(text, words[^1].End, start))
                words[^1] = words[^1] with { EndToken = token + 1, End = Math.Max(end, words[^1].End) };
            else
                words.Add(new TokenWord(open, token + 1, start, end));
            open = token + 1;
        }
        if (open < endToken)
        {
            if (words.Count > 0)
                words[^1] = words[^1] with { EndToken = endToken };
            else
                words.Add(new TokenWord(open, endToken, 0, text.Length - text.AsSpan().TrimStart().Length));
        }
        return words;
    }

    /// <summary>As few neighbours together as it takes to have no more than a number of runs.</summary>
    public static List<TokenWord> Joined(List<TokenWord> words, int maxRuns)
    {
        int length = (words.Count + maxRuns - 1) / maxRuns;
        return length <= 1 ? words : [.. words.Chunk(length).Select(run => run[0] with { EndToken = run[^1].EndToken, End = run.Max(word => word.End) })];
    }

    private static (int Start, int End) Trimmed(string text, TokenOffset offset)
    {
        (int start, int end) = offset;
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        return (start, end);
    }

    /// <summary>Tokens that are parts of one character overlap; others have to touch and be of a kind.</summary>
    private static bool GoesOn(string text, int end, int start)
    {
        if (start != end)
            return start < end;
        Rune.DecodeLastFromUtf16(text.AsSpan(0, end), out Rune before, out _);
        Rune.DecodeFromUtf16(text.AsSpan(start), out Rune after, out _);
        return IsMark(after) || IsOfWord(before) == IsOfWord(after);
    }

    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune) || IsMark(rune);

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
