namespace SentimentML.Tool.Output.Tables;

/// <summary>How rows are written.</summary>
internal enum TableFormat
{
    JsonLines,
    Csv,
    Tsv,
    Parquet,
    Excel,
}
