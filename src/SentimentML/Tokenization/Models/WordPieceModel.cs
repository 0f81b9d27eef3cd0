namespace SentimentML.Tokenization;

/// <summary>
/// BERT's: a word is cut from left to right into the longest tokens of the vocabulary; those behind the first have a mark in
/// front ("##"). A word that cannot be cut, or is too long, is one unknown token.
/// </summary>
internal sealed class WordPieceModel : TokenModel
{
    /// <summary>The most that a tokenizer may allow a word: cutting takes time that grows with a word's length times the longest token's.</summary>
    public const int MaxWordCharacters = 10_000;

    private readonly string _unknown;
    private readonly int _unknownId;
    private readonly int _maxCharacters;
    private readonly int _longestToken;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="unknown">The unknown token, in the vocabulary.</param>
    /// <param name="continuingPrefix">The mark.</param>
    /// <param name="maxCharacters">A word with more characters (code points) is unknown.</param>
    public WordPieceModel(Dictionary<string, int> vocabulary, string unknown, string continuingPrefix, int maxCharacters)
        : base(vocabulary)
    {
        (_unknown, _unknownId, ContinuingPrefix, _maxCharacters) = (unknown, vocabulary[unknown], continuingPrefix, maxCharacters);
        foreach (string token in vocabulary.Keys)
            _longestToken = Math.Max(_longestToken, token.Length);
    }

    public string ContinuingPrefix { get; }

    public override string? UnknownToken => _unknown;

    protected override EncodedWord EncodeNew(ReadOnlySpan<char> word, string text)
    {
        if (word.Length > _maxCharacters && CharacterCount(word) > _maxCharacters)
            return Unknown(word, text);
        var ids = new List<int>();
        var starts = new List<int>();
        Span<char> marked = new char[ContinuingPrefix.Length + Math.Min(word.Length, _longestToken)];
        ContinuingPrefix.CopyTo(marked);
        for (int start = 0; start < word.Length;)
        {
            int end = Math.Min(word.Length, start + _longestToken), id = -1;
            for (; end > start; end -= end - start > 1 && char.IsLowSurrogate(word[end - 1]) ? 2 : 1)
            {
                ReadOnlySpan<char> token = word[start..end];
                if (start > 0)
                {
                    token.CopyTo(marked[ContinuingPrefix.Length..]);
                    token = marked[..(ContinuingPrefix.Length + token.Length)];
                }
                if (TryGetId(token, out id))
                    break;
            }
            if (end <= start)
                return Unknown(word, text);
            ids.Add(id);
            starts.Add(start);
            start = end;
        }
        return new EncodedWord(text, [.. ids], [.. starts], [.. starts[1..], word.Length]);
    }

    private EncodedWord Unknown(ReadOnlySpan<char> word, string text) => new(text, [_unknownId], [0], [word.Length]);

    private static int CharacterCount(ReadOnlySpan<char> word)
    {
        int count = 0;
        foreach (char c in word)
            count += char.IsLowSurrogate(c) ? 0 : 1;
        return count;
    }
}
