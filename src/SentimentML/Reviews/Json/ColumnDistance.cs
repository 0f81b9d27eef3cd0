namespace SentimentML.Reviews;

/// <summary>How far a value of a JSON file is from the row that it belongs to.</summary>
internal enum ColumnDistance
{
    /// <summary>It is the row's own.</summary>
    Own,

    /// <summary>It is that of an object around the row's list: a product's, for each of its reviews.</summary>
    Around,

    /// <summary>It is in a list inside the row, which may have several: annotations, replies, hashtags.</summary>
    InList,
}
