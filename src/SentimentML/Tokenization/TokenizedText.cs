namespace SentimentML;

/// <summary>A text, or a pair of texts, as a model reads it.</summary>
public sealed class TokenizedText
{
    internal TokenizedText(int[] ids, TokenOffset[] offsets, bool isTruncated)
    {
        Ids = ids;
        Offsets = offsets;
        IsTruncated = isTruncated;
    }

    /// <summary>The tokens' ids, special tokens included: <c>&lt;s&gt; … &lt;/s&gt;</c>, of a pair <c>&lt;s&gt; a &lt;/s&gt;&lt;/s&gt; b &lt;/s&gt;</c>.</summary>
    public IReadOnlyList<int> Ids { get; }

    /// <summary>
    /// Where each token of <see cref="Ids"/> comes from, in UTF-16 units of the text (of the second text for the tokens
    /// of the second). The tokens that were put around the text have (0, 0).
    /// </summary>
    /// <remarks>
    /// The reference counts in code points: its offset n is here the UTF-16 index of the code point number n, so that the
    /// two differ only behind characters outside of the Basic Multilingual Plane (emoji), which are two units. A token
    /// that is only some of a character's bytes has the whole character's offset, so that neighbours may overlap. As in
    /// the reference, the space that a word begins with is left out (but a single one at the very beginning of the text),
    /// and so is the one that was put in front of the text; with trim_offsets false in the files, none is left out.
    /// </remarks>
    public IReadOnlyList<TokenOffset> Offsets { get; }

    /// <summary>Whether the text had more tokens than were allowed.</summary>
    public bool IsTruncated { get; }
}
