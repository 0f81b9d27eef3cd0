namespace SentimentML;

/// <summary>What trimming a model's vocabulary changed.</summary>
public sealed record VocabularyTrimResult
{
    /// <summary>The texts of the corpus.</summary>
    public required long Texts { get; init; }

    /// <summary>The texts that have the same tokens as before, and so the same logits.</summary>
    public required long UnchangedTexts { get; init; }

    /// <summary>The tokens of the vocabulary before, as rows of the word embeddings.</summary>
    public required int VocabularySizeBefore { get; init; }

    /// <summary>The tokens of the vocabulary after.</summary>
    public required int VocabularySizeAfter { get; init; }

    /// <summary>The numbers in the weights before.</summary>
    public required long ParametersBefore { get; init; }

    /// <summary>The numbers in the weights after.</summary>
    public required long ParametersAfter { get; init; }

    /// <summary>The size of the weights before, in bytes.</summary>
    public required long BytesBefore { get; init; }

    /// <summary>The size of the weights after, in bytes.</summary>
    public required long BytesAfter { get; init; }

    /// <summary>The mean number of tokens of a text of the corpus before, special tokens included.</summary>
    public required double TokensPerTextBefore { get; init; }

    /// <summary>The mean number of tokens of a text of the corpus after, special tokens included.</summary>
    public required double TokensPerTextAfter { get; init; }
}
