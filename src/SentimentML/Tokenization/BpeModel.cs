namespace SentimentML.Tokenization;

/// <summary>What tokenizer.json calls the model: the vocabulary and the merges.</summary>
internal sealed class BpeModel
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;

    public BpeModel(Dictionary<string, int> vocabulary, MergeTable merges)
    {
        Vocabulary = vocabulary;
        Merges = merges;
        _ids = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The tokens as they are written (byte-level), without added tokens that are not of the model.</summary>
    public Dictionary<string, int> Vocabulary { get; }

    public MergeTable Merges { get; }

    /// <summary>What a byte becomes that the vocabulary lacks; null where such a byte is left out.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Whether unknown bytes side by side become one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether a word that is itself in the vocabulary is taken whole.</summary>
    public bool IgnoreMerges { get; init; }

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _ids.TryGetValue(token, out id);
}
