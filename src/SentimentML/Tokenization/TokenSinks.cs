namespace SentimentML.Tokenization;

/// <summary>Takes the tokens as they are found.</summary>
internal interface ITokenSink
{
    /// <summary>Whether the sink asks where tokens come from.</summary>
    static abstract bool NeedsOffsets { get; }

    /// <summary>Takes a word's tokens where nobody asks where they come from.</summary>
    /// <returns>False when there was no room for all of it.</returns>
    bool AddWord(EncodedWord word);

    /// <param name="word">The word's tokens.</param>
    /// <param name="text">The text that the word is of. Knows where characters come from if the sink asks for it.</param>
    /// <param name="start">Where in that text the word begins.</param>
    /// <returns>False when there was no room for all of it.</returns>
    bool AddWord(EncodedWord word, AlignedText text, int start);

    /// <param name="id">An added token.</param>
    /// <param name="content">What stands for it in the text, with the white space that it takes.</param>
    /// <param name="start">Where it begins in the user's text.</param>
    /// <param name="end">Where it ends in the user's text.</param>
    /// <returns>False when there was no room for it.</returns>
    bool AddToken(int id, scoped ReadOnlySpan<char> content, int start, int end);
}

/// <summary>Writes ids into a buffer, as far as it goes.</summary>
internal ref struct IdSink(Span<int> destination) : ITokenSink
{
    private readonly Span<int> _destination = destination;

    public static bool NeedsOffsets => false;

    public int Count { get; private set; }

    public bool AddWord(EncodedWord word, AlignedText text, int start) => AddWord(word);

    public bool AddWord(EncodedWord word)
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

    public bool AddToken(int id, scoped ReadOnlySpan<char> content, int start, int end)
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
    public static bool NeedsOffsets => true;

    public List<int> Ids { get; } = [];

    public List<TokenOffset> Offsets { get; } = [];

    public bool AddWord(EncodedWord word) => throw new InvalidOperationException("Offsets are asked for, and the text is not known.");

    public bool AddWord(EncodedWord word, AlignedText aligned, int wordStart)
    {
        for (int i = 0; i < word.Ids.Length; i++)
        {
            int start = aligned.OriginalStart(wordStart + word.Starts[i]), end = aligned.OriginalEnd(wordStart + word.Ends[i] - 1);
            // an unknown piece of a unigram model goes by its text, any other token by its name
            ReadOnlySpan<char> token = definition.Model is UnigramModel unigram && word.Ids[i] == unigram.UnknownId
                ? aligned.Characters[(wordStart + word.Starts[i])..(wordStart + word.Ends[i])]
                : definition.Tokens[word.Ids[i]];
            Add(word.Ids[i], token, start, end);
        }
        return Ids.Count <= room;
    }

    public bool AddToken(int id, scoped ReadOnlySpan<char> content, int start, int end)
    {
        Add(id, content, start, end);
        return Ids.Count <= room;
    }

    /// <summary>processors/byte_level.rs, process_offsets. It counts code points, so a step here is one code point.</summary>
    private void Add(int id, ReadOnlySpan<char> token, int start, int end)
    {
        PostProcessor processor = definition.PostProcessor;
        int leading = 0, trailing = 0;
        if (processor.TrimOffsets)
            (leading, trailing) = (LeadingSpaces(token), TrailingSpaces(token));
        if (leading + trailing > 0)
        {
            bool isFirst = Ids.Count == 0 || start == 0;
            if (isFirst && processor.KeepsPrefixSpace && leading == 1)
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
