namespace SentimentML.Tokenization;

/// <summary>A token that is found in the text as it stands, before all else: &lt;mask&gt; and its like.</summary>
internal sealed record AddedToken(string Content, int Id)
{
    /// <summary>Left out when decoding. Plain text in the input if the tokenizer treats special tokens in it as text.</summary>
    public bool Special { get; init; }

    /// <summary>Takes the white space on its left.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Takes the white space on its right.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Not found inside a word.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Normalized itself, and looked for in normalized text, after those that are not.</summary>
    public bool Normalized { get; init; }
}
