namespace SentimentML.Tool.Output.Tables;

/// <summary>Rows written as a table, one after the other.</summary>
internal static class Table
{
    /// <param name="stream">Where to; left open.</param>
    /// <param name="format">Any but JSON lines, which are no table.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The rows, read once; a value for each column, null if it is missing.</param>
    public static void Write(Stream stream, TableFormat format, IReadOnlyList<TableColumn> columns, IEnumerable<object?[]> rows)
    {
        switch (format)
        {
            case TableFormat.Csv or TableFormat.Tsv:
                DelimitedTable.Write(stream, format == TableFormat.Tsv ? '\t' : ',', columns, rows);
                break;
            case TableFormat.Parquet:
                ParquetTable.Write(stream, columns, rows);
                break;
            case TableFormat.Excel:
                ExcelTable.Write(stream, columns, rows);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "Expected a format of tables.");
        }
    }
}
