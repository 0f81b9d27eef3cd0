namespace SentimentML.Predictions;

/// <summary>Rows written as a table, one after the other.</summary>
internal static class Table
{
    /// <param name="stream">Where to; left open.</param>
    /// <param name="format">Any but JSON lines, which are no table.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The rows, read once; a value for each column, null if it is missing.</param>
    public static void Write(Stream stream, PredictionFormat format, IReadOnlyList<TableColumn> columns, IEnumerable<object?[]> rows)
    {
        switch (format)
        {
            case PredictionFormat.Csv or PredictionFormat.Tsv:
                DelimitedTable.Write(stream, format == PredictionFormat.Tsv ? '\t' : ',', columns, rows);
                break;
            case PredictionFormat.Parquet:
                ParquetTable.Write(stream, columns, rows);
                break;
            case PredictionFormat.Excel:
                ExcelTable.Write(stream, columns, rows);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "Expected a format of tables.");
        }
    }
}
