using System.Globalization;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace SentimentML.Predictions;

/// <summary>Writes rows as the sheet of an Excel workbook, by MiniExcel, in constant memory.</summary>
internal static class ExcelTable
{
    private const int MaxRows = (1 << 20) - 1; // below the header
    private const int MaxCharacters = 32_767;

    /// <exception cref="SentimentMLException">A sheet has no room for the rows, or a cell none for a text.</exception>
    public static void Write(Stream stream, IReadOnlyList<TableColumn> columns, IEnumerable<object?[]> rows) =>
        stream.SaveAs(Records(columns, rows), configuration: new OpenXmlConfiguration { AutoFilter = false, EnableWriteNullValueCell = false });

    private static IEnumerable<IDictionary<string, object?>> Records(IReadOnlyList<TableColumn> columns, IEnumerable<object?[]> rows)
    {
        int number = 0;
        foreach (object?[] row in rows)
        {
            if (++number > MaxRows)
                throw new SentimentMLException(FormattableString.Invariant(
                    $"An Excel sheet has room for {MaxRows:N0} rows, and there are more. Write csv or parquet instead."));
            var record = new Dictionary<string, object?>(columns.Count, StringComparer.Ordinal);
            for (int i = 0; i < columns.Count; i++)
            {
                if (row[i] is string { Length: > MaxCharacters } text)
                    throw new SentimentMLException(string.Create(CultureInfo.InvariantCulture,
                        $"Row {number}, column '{columns[i].Name}': a text of {text.Length:N0} characters, expected at most {MaxCharacters:N0}, which an Excel "
                        + $"cell has room for. Write csv or parquet instead."));
                record.Add(columns[i].Name, row[i]);
            }
            yield return record;
        }
    }
}
