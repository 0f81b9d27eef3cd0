namespace SentimentML;

/// <summary>Options of <see cref="VocabularyTrim"/>.</summary>
public sealed class VocabularyTrimOptions
{
    /// <summary>
    /// The most tokens of the new vocabulary, special tokens, bytes and single characters included. Of the others, those that the texts
    /// use most often are kept. The default value is null: all that the texts use.
    /// </summary>
    public int? MaxVocabularySize { get; set; }

    /// <summary>Receives the number of texts read, in each of the two passes. The default value is null.</summary>
    public IProgress<long>? Progress { get; set; }

    /// <summary>Stops the work; nothing is written then. The default value is none.</summary>
    public CancellationToken CancellationToken { get; set; }
}
