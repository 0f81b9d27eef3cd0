namespace SentimentML.Reviews;

/// <summary>What was found out about a file that can be read in parts.</summary>
/// <param name="Format">Csv, tsv, JSON lines, lines of text or Parquet.</param>
/// <param name="Delimiter">The character between two fields; null but for csv and tsv.</param>
/// <param name="Columns">The columns, in the file's order.</param>
/// <param name="Paths">The path of each column in nested JSON objects; null for others.</param>
/// <param name="ListDepths">How many names of each path lead to the last list of objects on it, 0 without one; null for others.</param>
/// <param name="RowNumbers">The columns that number the rows; null for none.</param>
internal sealed record FileLayout(
    ReviewFileFormat Format, char? Delimiter, IReadOnlyList<string> Columns, IReadOnlyList<string[]>? Paths, IReadOnlyList<int>? ListDepths = null,
    IReadOnlyList<int>? RowNumbers = null);
