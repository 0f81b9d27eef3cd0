using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Parquet;
using Parquet.Schema;

namespace SentimentML.Reviews;

/// <summary>A Parquet column as text: numbers and dates as invariant text, null where a row has no value.</summary>
internal static class ParquetText
{
    public static bool CanRead(DataField field) =>
        IsString(field) || IsBytes(field) || field.ClrType == typeof(bool) || field.ClrType == typeof(byte) || field.ClrType == typeof(sbyte)
        || field.ClrType == typeof(short) || field.ClrType == typeof(ushort) || field.ClrType == typeof(int) || field.ClrType == typeof(uint)
        || field.ClrType == typeof(long) || field.ClrType == typeof(ulong) || field.ClrType == typeof(float) || field.ClrType == typeof(double)
        || field.ClrType == typeof(decimal) || field.ClrType == typeof(DateTime) || field.ClrType == typeof(DateOnly) || field.ClrType == typeof(Guid);

    /// <param name="group">The row group.</param>
    /// <param name="field">The column.</param>
    /// <param name="isHalf">Whether its bytes are half-precision numbers.</param>
    public static Task<string?[]> ReadAsync(ParquetRowGroupReader group, DataField field, bool isHalf) => field.ClrType switch
    {
        _ when IsBytes(field) => ReadBytesAsync(group, field, isHalf),
        _ when IsString(field) => ReadStringsAsync(group, field),
        var type when type == typeof(bool) => ReadAsync<bool>(group, field, value => value ? "true" : "false"),
        var type when type == typeof(byte) => ReadAsync<byte>(group, field, Format),
        var type when type == typeof(sbyte) => ReadAsync<sbyte>(group, field, Format),
        var type when type == typeof(short) => ReadAsync<short>(group, field, Format),
        var type when type == typeof(ushort) => ReadAsync<ushort>(group, field, Format),
        var type when type == typeof(int) => ReadAsync<int>(group, field, Format),
        var type when type == typeof(uint) => ReadAsync<uint>(group, field, Format),
        var type when type == typeof(long) => ReadAsync<long>(group, field, Format),
        var type when type == typeof(ulong) => ReadAsync<ulong>(group, field, Format),
        var type when type == typeof(float) => ReadAsync<float>(group, field, Format),
        var type when type == typeof(double) => ReadAsync<double>(group, field, Format),
        var type when type == typeof(decimal) => ReadAsync<decimal>(group, field, Format),
        var type when type == typeof(DateTime) => ReadAsync<DateTime>(group, field, value => value.ToString("O", CultureInfo.InvariantCulture)),
        var type when type == typeof(DateOnly) => ReadAsync<DateOnly>(group, field, value => value.ToString("O", CultureInfo.InvariantCulture)),
        var type when type == typeof(Guid) => ReadAsync<Guid>(group, field, Format),
        _ => throw new NotSupportedException($"Columns of type {field.ClrType} are not read."),
    };

    // Parquet.Net names strings by one type or the other, as a setting of the whole process says.
    private static bool IsString(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static bool IsBytes(DataField field) => field.ClrType == typeof(byte[]) || field.ClrType == typeof(ReadOnlyMemory<byte>);

    /// <summary>Bytes that are UTF-8 are text: not every writer marks its texts as such.</summary>
    private static async Task<string?[]> ReadBytesAsync(ParquetRowGroupReader group, DataField field, bool isHalf)
    {
        var values = new byte[]?[group.RowCount];
        await group.ReadAsync(field, values.AsMemory()!, null, CancellationToken.None).ConfigureAwait(false);
        return Array.ConvertAll(values, value => value is null ? null : isHalf ? Format(BitConverter.ToHalf(value)) : Text(value));
    }

    private static string Text(byte[] value) => Utf8.IsValid(value)
        ? Encoding.UTF8.GetString(value)
        : throw new InvalidDataException("Its bytes are not UTF-8, expected text.");

    private static async Task<string?[]> ReadStringsAsync(ParquetRowGroupReader group, DataField field)
    {
        var values = new string?[group.RowCount];
        await group.ReadAsync(field, values.AsMemory(), null, CancellationToken.None).ConfigureAwait(false);
        return values;
    }

    private static async Task<string?[]> ReadAsync<T>(ParquetRowGroupReader group, DataField field, Func<T, string> format)
        where T : struct
    {
        if (field.IsNullable)
        {
            var values = new T?[group.RowCount];
            await group.ReadAsync<T>(field, values.AsMemory(), null, CancellationToken.None).ConfigureAwait(false);
            return Array.ConvertAll(values, value => value is { } present ? format(present) : null);
        }
        var all = new T[group.RowCount];
        await group.ReadAsync<T>(field, all.AsMemory(), null, CancellationToken.None).ConfigureAwait(false);
        return Array.ConvertAll(all, value => (string?)format(value));
    }

    private static string Format<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
