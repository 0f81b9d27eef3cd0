namespace SentimentML.Tokenization;

/// <summary>A token that is found in the text as it stands, before byte-pair encoding: &lt;mask&gt; and its like.</summary>
internal sealed record AddedToken(string Content, int Id)
{
    /// <summary>Left out when decoding, and plain text where the tokenizer is told to take user text as text.</summary>
    public bool Special { get; init; }

    /// <summary>Takes the white space on its left.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Takes the white space on its right.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Not found inside a word.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Looked for after those that are not normalized. There is no normalizer here, so the text is the same.</summary>
    public bool Normalized { get; init; }
}
