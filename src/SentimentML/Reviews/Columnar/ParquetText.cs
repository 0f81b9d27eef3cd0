using Parquet;
using Parquet.Schema;

namespace SentimentML.Reviews;

/// <summary>A Parquet column as text, null where a row has no value.</summary>
internal static class ParquetText
{
    public static bool CanRead(DataField field) =>
        IsString(field) || IsBytes(field) || field.ClrType == typeof(bool) || field.ClrType == typeof(byte) || field.ClrType == typeof(sbyte)
        || field.ClrType == typeof(short) || field.ClrType == typeof(ushort) || field.ClrType == typeof(int) || field.ClrType == typeof(uint)
        || field.ClrType == typeof(long) || field.ClrType == typeof(ulong) || field.ClrType == typeof(float) || field.ClrType == typeof(double)
        || field.ClrType == typeof(decimal) || field.ClrType == typeof(DateTime) || field.ClrType == typeof(DateOnly) || field.ClrType == typeof(Guid);

    /// <param name="group">The row group.</param>
    /// <param name="column">The column.</param>
    /// <param name="isHalf">Whether its bytes are half-precision numbers.</param>
    public static async Task<string?[]> ReadAsync(ParquetRowGroupReader group, ParquetColumn column, bool isHalf)
    {
        int rows = checked((int)group.RowCount);
        if (!column.IsList)
            return await ReadAsync(group, column.Values, rows, null, isHalf).ConfigureAwait(false);
        long count = group.GetMetadata(column.Values)?.MetaData?.NumValues ?? 0;
        if (count < rows || count > ParquetRecords.MaxRowsInGroup)
            throw new InvalidDataException($"The footer says that its lists have {count} values in {rows} rows.");
        var repetitions = new int[count];
        return Lists(await ReadAsync(group, column.Values, repetitions.Length, repetitions, isHalf).ConfigureAwait(false), repetitions, rows,
            IsJsonAsText(column.Values));
    }

    /// <summary>Each row's list as a JSON array; null for one without a value.</summary>
    /// <param name="values">The values of all lists; one null for an empty list.</param>
    /// <param name="repetitions">0 for the first value of a row, 1 for the others.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="areJson">Whether the values are JSON as they are.</param>
    private static string?[] Lists(string?[] values, int[] repetitions, int rows, bool areJson)
    {
        var lists = new string?[rows];
        int row = 0;
        for (int start = 0, end; start < values.Length; start = end, row++)
        {
            end = start + 1;
            while (end < values.Length && repetitions[end] != 0)
                end++;
            if (row == rows)
                throw new InvalidDataException($"Its lists are of more than {rows} rows.");
            lists[row] = ColumnText.OfList(new ArraySegment<string?>(values, start, end - start), areJson);
        }
        return row == rows ? lists : throw new InvalidDataException($"Its lists are of {row} rows, expected {rows}.");
    }

    /// <summary>Whether values are JSON as they are. Fractions are not: NaN is no JSON.</summary>
    private static bool IsJsonAsText(DataField field) =>
        field.ClrType == typeof(bool) || (field.ClrType.IsPrimitive && field.ClrType != typeof(float) && field.ClrType != typeof(double));

    private static Task<string?[]> ReadAsync(ParquetRowGroupReader group, DataField field, int count, int[]? repetitions, bool isHalf) => field.ClrType switch
    {
        _ when IsBytes(field) =>
            ReadAsync<ReadOnlyMemory<byte>>(group, field, count, repetitions,
                value => isHalf ? ColumnText.Of(BitConverter.ToHalf(value.Span)) : ColumnText.Of(value.Span)),
        _ when IsString(field) => ReadAsync<ReadOnlyMemory<char>>(group, field, count, repetitions, value => value.ToString()),
        var type when type == typeof(bool) => ReadAsync<bool>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(byte) => ReadAsync<byte>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(sbyte) => ReadAsync<sbyte>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(short) => ReadAsync<short>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(ushort) => ReadAsync<ushort>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(int) => ReadAsync<int>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(uint) => ReadAsync<uint>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(long) => ReadAsync<long>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(ulong) => ReadAsync<ulong>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(float) => ReadAsync<float>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(double) => ReadAsync<double>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(decimal) => ReadAsync<decimal>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(DateTime) => ReadAsync<DateTime>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(DateOnly) => ReadAsync<DateOnly>(group, field, count, repetitions, ColumnText.Of),
        var type when type == typeof(Guid) => ReadAsync<Guid>(group, field, count, repetitions, ColumnText.Of),
        _ => throw new NotSupportedException($"Columns of type {field.ClrType} are not read."),
    };

    // Parquet.Net names strings by one type or the other, as a setting of the whole process says.
    private static bool IsString(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static bool IsBytes(DataField field) => field.ClrType == typeof(byte[]) || field.ClrType == typeof(ReadOnlyMemory<byte>);

    /// <param name="group">The row group.</param>
    /// <param name="field">The column.</param>
    /// <param name="count">How many values it has, those that are null counted.</param>
    /// <param name="repetitions">Takes the levels of repetition of a list's values; null for a column with one value a row.</param>
    /// <param name="format">Makes text of a value.</param>
    private static async Task<string?[]> ReadAsync<T>(ParquetRowGroupReader group, DataField field, int count, int[]? repetitions, Func<T, string> format)
        where T : struct
    {
        var present = new T[count]; // the values that are not null, at the start
        int[]? definitions = field.MaxDefinitionLevel > 0 ? new int[count] : null;
        await group.ReadRawAsync<T>(field, present, Levels(definitions), Levels(repetitions), CancellationToken.None).ConfigureAwait(false);
        var values = new string?[count];
        for (int i = 0, next = 0; i < count; i++)
            values[i] = definitions is null || definitions[i] == field.MaxDefinitionLevel ? format(present[next++]) : null;
        return values;
    }

    // A null of its own: by the conversion from arrays, null would be an empty memory.
    private static Memory<int>? Levels(int[]? levels) => levels is null ? default(Memory<int>?) : levels.AsMemory();
}
