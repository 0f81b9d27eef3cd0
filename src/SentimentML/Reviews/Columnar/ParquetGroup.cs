namespace SentimentML.Reviews;

/// <summary>A row group of a Parquet file.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Start">The first byte of its columns.</param>
/// <param name="End">The byte behind them.</param>
internal readonly record struct ParquetGroup(long Rows, long Start, long End);
