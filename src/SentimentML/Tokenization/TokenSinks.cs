using System.Text;

namespace SentimentML.Tokenization;

/// <summary>Takes the tokens as they are found.</summary>
internal interface ITokenSink
{
    /// <param name="word">The word's tokens.</param>
    /// <param name="characters">The word.</param>
    /// <param name="origin">Where in the text the word's first character is.</param>
    /// <param name="hasPrefix">Whether the first character is a space that the text does not have.</param>
    /// <returns>False when there was no room for all of it.</returns>
    bool AddWord(EncodedWord word, scoped ReadOnlySpan<char> characters, int origin, bool hasPrefix);

    /// <returns>False when there was no room for it.</returns>
    bool AddToken(int id, int start, int end);
}

/// <summary>Writes ids into a buffer, as far as it goes.</summary>
internal ref struct IdSink(Span<int> destination) : ITokenSink
{
    private readonly Span<int> _destination = destination;

    public int Count { get; private set; }

    public bool AddWord(EncodedWord word, scoped ReadOnlySpan<char> characters, int origin, bool hasPrefix)
    {
        ReadOnlySpan<int> ids = word.Ids;
        Span<int> rest = _destination[Count..];
        bool fits = ids.Length <= rest.Length;
        if (!fits)
            ids = ids[..rest.Length];
        ids.CopyTo(rest);
        Count += ids.Length;
        return fits;
    }

    public bool AddToken(int id, int start, int end)
    {
        if (Count == _destination.Length)
            return false;
        _destination[Count++] = id;
        return true;
    }
}

/// <summary>Keeps ids and where they come from, in UTF-16 units; stops when there are more than there is room for.</summary>
internal sealed class OffsetSink(string text, TokenizerDefinition definition, int room) : ITokenSink
{
    public List<int> Ids { get; } = [];

    public List<TokenOffset> Offsets { get; } = [];

    public bool AddWord(EncodedWord word, scoped ReadOnlySpan<char> characters, int origin, bool hasPrefix)
    {
        int at = 0, bytes = 0; // the character that the token begins in, and where in the word's UTF-8 it begins
        for (int i = 0; i < word.Ids.Length; i++)
        {
            Skip(characters, word.Starts[i], ref at, ref bytes);
            int start = Original(at);
            int last = at, lastBytes = bytes;
            Skip(characters, word.Ends[i] - 1, ref last, ref lastBytes);
            int end = hasPrefix && last == 0 ? WidthAt(0) : Original(last) + Math.Min(RuneWidth(characters[last..]), characters.Length - last);
            string token = definition.Tokens[word.Ids[i]]!;
            Add(word.Ids[i], start, end, LeadingSpaces(token), TrailingSpaces(token));
        }
        return Ids.Count <= room;

        // The space that the text does not have is put to the text's first character, as the reference does.
        int Original(int character) => origin + (hasPrefix && character == 0 ? 1 : character);

        int WidthAt(int character) => origin + 1 + character + RuneWidth(text.AsSpan(origin + 1 + character));
    }

    public bool AddToken(int id, int start, int end)
    {
        ReadOnlySpan<char> found = text.AsSpan(start, end - start);
        Add(id, start, end, LeadingSpaces(found), TrailingSpaces(found));
        return Ids.Count <= room;
    }

    /// <summary>processors/byte_level.rs, process_offsets. It counts code points, so a step here is one code point.</summary>
    private void Add(int id, int start, int end, int leading, int trailing)
    {
        if (definition.TrimOffsets && leading + trailing > 0)
        {
            bool isFirst = Ids.Count == 0 || start == 0;
            if (isFirst && definition.AddPrefixSpace && leading == 1)
                leading = 0;
            for (; leading > 0 && start < end; leading--)
                start += RuneWidth(text.AsSpan(start));
            if (TryStepBack(end, trailing, out int trimmed))
                end = Math.Max(trimmed, start);
        }
        Ids.Add(id);
        Offsets.Add(new TokenOffset(start, end));
    }

    private bool TryStepBack(int from, int steps, out int to)
    {
        for (to = from; steps > 0 && to > 0; steps--)
            to -= to > 1 && char.IsSurrogatePair(text[to - 2], text[to - 1]) ? 2 : 1;
        return steps == 0;
    }

    /// <summary>Goes on to the character that has the byte.</summary>
    private static void Skip(ReadOnlySpan<char> characters, int toByte, ref int at, ref int bytes)
    {
        while (true)
        {
            _ = Rune.DecodeFromUtf16(characters[at..], out Rune rune, out int width); // U+FFFD for a lone surrogate
            if (bytes + rune.Utf8SequenceLength > toByte)
                return;
            at += width;
            bytes += rune.Utf8SequenceLength;
        }
    }

    private static int RuneWidth(ReadOnlySpan<char> text) =>
        text.Length > 1 && char.IsSurrogatePair(text[0], text[1]) ? 2 : 1;

    private static int LeadingSpaces(ReadOnlySpan<char> token)
    {
        int count = 0;
        while (count < token.Length && IsSpace(token[count]))
            count++;
        return count;
    }

    private static int TrailingSpaces(ReadOnlySpan<char> token)
    {
        int count = 0;
        while (count < token.Length && IsSpace(token[^(count + 1)]))
            count++;
        return count;
    }

    private static bool IsSpace(char c) => c == ByteLevelAlphabet.Space || char.IsWhiteSpace(c);
}

/// <summary>Puts special tokens and texts together.</summary>
internal sealed class TokenizedTextBuilder(int count)
{
    private readonly List<int> _ids = new(count);
    private readonly List<TokenOffset> _offsets = new(count);

    public void Add(int specialToken)
    {
        _ids.Add(specialToken);
        _offsets.Add(new TokenOffset(0, 0));
    }

    public void Add(OffsetSink tokens, int count)
    {
        count = Math.Min(count, tokens.Ids.Count);
        _ids.AddRange(tokens.Ids[..count]);
        _offsets.AddRange(tokens.Offsets[..count]);
    }

    public TokenizedText Build(bool isTruncated) => new([.. _ids], [.. _offsets], isTruncated);
}
