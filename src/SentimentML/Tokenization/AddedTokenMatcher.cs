using System.Buffers;
using System.Globalization;
using System.Text;

namespace SentimentML.Tokenization;

/// <summary>Finds added tokens in text: the leftmost, and the longest of those that begin at one place.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly SearchValues<char> _firstCharacters;
    private readonly int[] _lengths; // that tokens have, longest first
    private readonly Dictionary<string, AddedToken>.AlternateLookup<ReadOnlySpan<char>> _tokens;
    private readonly bool _takeSpecial;

    /// <param name="tokens">At least one; no content twice.</param>
    /// <param name="takeSpecial">Whether a special token inside the text is one; otherwise it is text like any other.</param>
    public AddedTokenMatcher(IReadOnlyCollection<AddedToken> tokens, bool takeSpecial)
    {
        var firstCharacters = new HashSet<char>();
        var lengths = new SortedSet<int>();
        var byContent = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (AddedToken token in tokens)
        {
            firstCharacters.Add(token.Content[0]);
            lengths.Add(token.Content.Length);
            byContent.Add(token.Content, token);
        }
        _firstCharacters = SearchValues.Create([.. firstCharacters]);
        _lengths = [.. lengths];
        Array.Reverse(_lengths);
        _tokens = byContent.GetAlternateLookup<ReadOnlySpan<char>>();
        _takeSpecial = takeSpecial;
    }

    /// <param name="text">The text.</param>
    /// <param name="taken">Up to where the text belongs to tokens found before.</param>
    /// <param name="from">Where to look on; moved behind what was found.</param>
    /// <param name="start">Where the found token begins, with the white space that it takes.</param>
    /// <param name="end">Where it ends, with the white space that it takes.</param>
    /// <returns>The token, or null when there is none any more.</returns>
    public AddedToken? Next(ReadOnlySpan<char> text, int taken, ref int from, out int start, out int end)
    {
        while (text[from..].IndexOfAny(_firstCharacters) is >= 0 and int distance)
        {
            start = from + distance;
            AddedToken? token = LongestAt(text[start..]);
            from = start + (token?.Content.Length ?? 1);
            if (token is null || (token.Special && !_takeSpecial))
                continue;
            end = from;
            if (token.SingleWord && (EndsWithWord(text[..start]) || StartsWithWord(text[end..])))
                continue;
            while (token.LeftStrip && start > taken && char.IsWhiteSpace(text[start - 1]))
                start--;
            while (token.RightStrip && end < text.Length && char.IsWhiteSpace(text[end]))
                end++;
            start = Math.Max(start, taken);
            return token;
        }
        start = end = text.Length;
        return null;
    }

    private AddedToken? LongestAt(ReadOnlySpan<char> text)
    {
        foreach (int length in _lengths)
        {
            if (length <= text.Length && _tokens.TryGetValue(text[..length], out AddedToken? token))
                return token;
        }
        return null;
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune last, out _) == OperationStatus.Done && IsWord(last);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune first, out _) == OperationStatus.Done && IsWord(first);

    /// <summary>"\w" as Unicode's annex 18 has it: letters, marks, decimal digits, letter numbers, connectors, joiners.</summary>
    private static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation => true,
        _ => rune.Value is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9),
    };
}
