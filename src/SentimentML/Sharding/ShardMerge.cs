using System.Globalization;
using SentimentML.Predictions;
using SentimentML.Reviews;

namespace SentimentML.Sharding;

/// <summary>Writes the parts' rows into one file, as predict writes them in one run.</summary>
internal static class ShardMerge
{
    /// <param name="output">Where to; left open.</param>
    /// <param name="format">How parts are written.</param>
    /// <param name="columns">A table's columns.</param>
    /// <param name="parts">The parts' files, in order.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static void Write(
        Stream output, PredictionFormat format, IReadOnlyList<TableColumn> columns, IEnumerable<string> parts, CancellationToken cancellation)
    {
        if (format == PredictionFormat.Parquet)
            Table.Write(output, format, columns, parts.SelectMany(part => Rows(part, columns, cancellation)));
        else
            Append(output, format == PredictionFormat.JsonLines ? [] : Header(format, columns), parts, cancellation);
    }

    /// <summary>The rows one by one: row groups have a fixed number of rows, so those of the parts cannot be copied.</summary>
    private static IEnumerable<object?[]> Rows(string part, IReadOnlyList<TableColumn> columns, CancellationToken cancellation)
    {
        using var records = new ParquetRecords(File.OpenRead(part), [.. columns.Select(_ => true)], part);
        while (records.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return [.. columns.Select((column, i) => Value(records.Value(i), column.Kind))];
        }
    }

    private static object? Value(string? text, TableColumnKind kind) => (text, kind) switch
    {
        (null, _) => null,
        (_, TableColumnKind.Number) => double.Parse(text, CultureInfo.InvariantCulture),
        (_, TableColumnKind.Flag) => text == "true",
        _ => text,
    };

    private static byte[] Header(PredictionFormat format, IReadOnlyList<TableColumn> columns)
    {
        using var header = new MemoryStream();
        Table.Write(header, format, columns, []);
        return header.ToArray();
    }

    /// <summary>The header once, and what follows it in each part.</summary>
    private static void Append(Stream output, byte[] header, IEnumerable<string> parts, CancellationToken cancellation)
    {
        output.Write(header);
        var start = new byte[header.Length];
        foreach (string part in parts)
        {
            cancellation.ThrowIfCancellationRequested();
            using FileStream file = File.OpenRead(part);
            if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan().SequenceEqual(header))
                throw new SentimentMLException($"{part}: the header is not that of the plan's columns. Delete the part and run its shard again.");
            file.CopyTo(output);
        }
    }
}
