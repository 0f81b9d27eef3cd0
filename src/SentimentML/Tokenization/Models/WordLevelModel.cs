namespace SentimentML.Tokenization;

/// <summary>A word is one token of the vocabulary, or the unknown one.</summary>
/// <param name="vocabulary">The tokens.</param>
/// <param name="unknown">The unknown token, in the vocabulary.</param>
internal sealed class WordLevelModel(Dictionary<string, int> vocabulary, string unknown) : TokenModel(vocabulary)
{
    private readonly int _unknownId = vocabulary[unknown];

    public override string? UnknownToken => unknown;

    protected override EncodedWord EncodeNew(ReadOnlySpan<char> word, string text) =>
        new(text, [TryGetId(word, out int id) ? id : _unknownId], [0], [word.Length]);
}
