namespace SentimentML;

/// <summary>How predictions are written.</summary>
public enum PredictionFormat
{
    /// <summary>One JSON object a line.</summary>
    JsonLines,

    /// <summary>Fields with commas between them and a header line (RFC 4180), UTF-8.</summary>
    Csv,

    /// <summary>Fields with tabs between them and a header line, UTF-8.</summary>
    Tsv,

    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>The sheet of an Excel workbook (.xlsx).</summary>
    Excel,
}
