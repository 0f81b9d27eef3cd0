namespace SentimentML.Inference;

/// <summary>How an engine arranges the rows of a batch.</summary>
internal enum RowPlacement
{
    /// <summary>Rows of equal length lie next to each other, without padding. Attention runs once for each length.</summary>
    Grouped,

    /// <summary>All rows are padded to the length of the longest. Attention runs once, with a mask.</summary>
    Padded,

    /// <summary>Rows of any length lie next to each other, without padding. Attention runs once and receives the start of each row.</summary>
    Packed,
}
