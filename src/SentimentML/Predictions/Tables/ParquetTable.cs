using Parquet;
using Parquet.Schema;

namespace SentimentML.Predictions;

/// <summary>Writes rows as Parquet, by Parquet.Net, a group of rows in memory at a time.</summary>
internal static class ParquetTable
{
    private const int RowsInGroup = 20_000;

    public static void Write(Stream stream, IReadOnlyList<TableColumn> columns, IEnumerable<object?[]> rows) =>
        Task.Run(() => WriteAsync(stream, columns, rows)).GetAwaiter().GetResult();

    private static async Task WriteAsync(Stream stream, IReadOnlyList<TableColumn> columns, IEnumerable<object?[]> rows)
    {
        var schema = new ParquetSchema([.. columns.Select(Field)]);
        DataField[] fields = schema.GetDataFields();
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream).ConfigureAwait(false);
        foreach (object?[][] group in rows.Chunk(RowsInGroup))
        {
            using ParquetRowGroupWriter groupWriter = writer.CreateRowGroup();
            for (int column = 0; column < fields.Length; column++)
                await WriteAsync(groupWriter, fields[column], columns[column].Kind, Array.ConvertAll(group, row => row[column])).ConfigureAwait(false);
        }
    }

    private static DataField Field(TableColumn column) => column.Kind switch
    {
        TableColumnKind.Number => new DataField<double?>(column.Name),
        TableColumnKind.Flag => new DataField<bool?>(column.Name),
        _ => new DataField<string>(column.Name),
    };

    private static async Task WriteAsync(ParquetRowGroupWriter group, DataField field, TableColumnKind kind, object?[] values)
    {
        if (kind == TableColumnKind.Number)
            await group.WriteAsync<double>(field, Array.ConvertAll(values, value => (double?)value)).ConfigureAwait(false);
        else if (kind == TableColumnKind.Flag)
            await group.WriteAsync<bool>(field, Array.ConvertAll(values, value => (bool?)value)).ConfigureAwait(false);
        else
            await group.WriteAsync(field, Array.ConvertAll(values, value => (string)value!)).ConfigureAwait(false);
    }
}
