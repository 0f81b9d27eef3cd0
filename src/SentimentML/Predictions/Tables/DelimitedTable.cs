using System.Diagnostics;
using System.Globalization;
using CsvHelper;

namespace SentimentML.Predictions;

/// <summary>Writes rows as csv or tsv, by CsvHelper: UTF-8, a header line, fields quoted where they need it, numbers invariant, missing values empty.</summary>
internal static class DelimitedTable
{
    private static readonly TimeSpan FlushAfter = TimeSpan.FromSeconds(1);

    public static void Write(Stream stream, char delimiter, IReadOnlyList<TableColumn> columns, IEnumerable<object?[]> rows)
    {
        using CsvWriter csv = CsvWriter.Create(stream, new CsvWriterOptions { Separator = delimiter, NewLine = "\n", HasHeader = false }, leaveOpen: true);
        WriteRow(csv, columns.Select(column => column.Name));
        long flushed = Stopwatch.GetTimestamp();
        foreach (object?[] row in rows)
        {
            WriteRow(csv, row.Select(Text));
            if (Stopwatch.GetElapsedTime(flushed) < FlushAfter)
                continue;
            csv.Flush();
            stream.Flush();
            flushed = Stopwatch.GetTimestamp();
        }
        csv.Flush();
    }

    private static void WriteRow(CsvWriter csv, IEnumerable<string> values)
    {
        foreach (string value in values)
            csv.WriteField(value);
        csv.EndRecord();
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
