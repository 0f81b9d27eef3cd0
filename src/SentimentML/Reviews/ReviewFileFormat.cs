namespace SentimentML;

/// <summary>How a file of reviews is laid out. Any of them may be compressed with gzip.</summary>
public enum ReviewFileFormat
{
    /// <summary>Separated by commas or semicolons, with a header line (RFC 4180).</summary>
    Csv,

    /// <summary>Separated by tabs, with a header line.</summary>
    Tsv,

    /// <summary>One JSON object a line.</summary>
    JsonLines,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}
