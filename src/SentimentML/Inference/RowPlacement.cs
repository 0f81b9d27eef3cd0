namespace SentimentML.Inference;

/// <summary>How an engine lays the rows of a batch.</summary>
internal enum RowPlacement
{
    /// <summary>Rows of one length side by side, nothing padded: one attention for each length.</summary>
    Grouped,

    /// <summary>All filled up to the longest: one attention with a mask.</summary>
    Padded,

    /// <summary>Nothing padded: one attention that is told where each row begins.</summary>
    Packed,
}
