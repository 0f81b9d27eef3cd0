namespace SentimentML;

/// <summary>A text, or a pair of texts, as a model reads it.</summary>
public sealed class TokenizedText
{
    internal TokenizedText(int[] ids, TokenOffset[] offsets, int[] tokenTypes, int?[] sequenceIds, bool isTruncated)
    {
        Ids = ids;
        Offsets = offsets;
        TokenTypes = tokenTypes;
        SequenceIds = sequenceIds;
        IsTruncated = isTruncated;
    }

    /// <summary>The tokens' ids, with the special tokens that the tokenizer puts around a text and between those of a pair.</summary>
    public IReadOnlyList<int> Ids { get; }

    /// <summary>
    /// Where each token of <see cref="Ids"/> comes from, in UTF-16 units of the text (of the second text for the tokens
    /// of the second), whatever normalization did to it. The tokens that were put around the text have (0, 0).
    /// </summary>
    /// <remarks>
    /// The reference counts in code points: its offset n is here the UTF-16 index of the code point number n, so that the
    /// two differ only behind characters outside of the Basic Multilingual Plane (emoji), which are two units. A token
    /// that is only some of a character's bytes has the whole character's offset, so that neighbours may overlap. Whether
    /// the white space that a token begins with is left out is as the tokenizer's files say (trim_offsets).
    /// </remarks>
    public IReadOnlyList<TokenOffset> Offsets { get; }

    /// <summary>The type of each token of <see cref="Ids"/>: 0, or 1 for the second text where the tokenizer tells the texts apart by types.</summary>
    public IReadOnlyList<int> TokenTypes { get; }

    /// <summary>
    /// Which text each token of <see cref="Ids"/> belongs to: 0, or 1 for the second of a pair; null for special tokens that were put
    /// around the texts.
    /// </summary>
    public IReadOnlyList<int?> SequenceIds { get; }

    /// <summary>Whether the text had more tokens than were allowed.</summary>
    public bool IsTruncated { get; }
}
