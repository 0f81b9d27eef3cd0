using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace SentimentML.Reviews;

/// <summary>An Arrow column as text, null where a row has no value. A value is made when it is asked for.</summary>
internal static class ArrowText
{
    private const int MaxScale = 76; // the digits that Decimal256 has

    public static bool CanRead(IArrowType type) => type switch
    {
        ExtensionType extension => CanRead(extension.StorageType),
        DictionaryType { ValueType: not DictionaryType } dictionary => CanRead(dictionary.ValueType),
        _ when ScaleOf(type) is { } scale => scale is >= 0 and <= MaxScale,
        _ => type.TypeId is ArrowTypeId.Null or ArrowTypeId.Boolean or ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32 or ArrowTypeId.Int64
            or ArrowTypeId.UInt8 or ArrowTypeId.UInt16 or ArrowTypeId.UInt32 or ArrowTypeId.UInt64 or ArrowTypeId.HalfFloat or ArrowTypeId.Float
            or ArrowTypeId.Double or ArrowTypeId.String or ArrowTypeId.LargeString or ArrowTypeId.StringView or ArrowTypeId.Binary
            or ArrowTypeId.LargeBinary or ArrowTypeId.BinaryView or ArrowTypeId.FixedSizedBinary or ArrowTypeId.Date32 or ArrowTypeId.Date64
            or ArrowTypeId.Timestamp,
    };

    /// <summary>Whether values are JSON as they are. Fractions are not: NaN is no JSON.</summary>
    public static bool IsJson(IArrowType type) => type.TypeId is ArrowTypeId.Boolean or ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32
        or ArrowTypeId.Int64 or ArrowTypeId.UInt8 or ArrowTypeId.UInt16 or ArrowTypeId.UInt32 or ArrowTypeId.UInt64;

    /// <summary>The array of the values that an extension's type gives a meaning to; other arrays as they are.</summary>
    public static IArrowArray Stored(IArrowArray array) => array is ExtensionArray extension and not GuidArray ? extension.Storage : array;

    /// <summary>The text of a row.</summary>
    public static Func<int, string?> Of(IArrowArray array) => Stored(array) switch
    {
        NullArray => static _ => null,
        DictionaryArray categories => OfCategories(Indices(categories.Indices), Of(categories.Dictionary)),
        GuidArray values => row => values.GetGuid(row) is { } value ? ColumnText.Of(value) : null,
        BooleanArray values => row => values.GetValue(row) is { } value ? ColumnText.Of(value) : null,
        Date32Array values => row => OfDate(values.GetDateTime(row)),
        Date64Array values => row => OfDate(values.GetDateTime(row)),
        TimestampArray values => OfTimes(values, hasZone: values.Data.DataType is TimestampType { Timezone.Length: > 0 }),
        // Apache.Arrow would take as many characters of the stack as the file says digits.
        FixedSizeBinaryArray values when ScaleOf(values.Data.DataType) is { } scale =>
            row => values.IsNull(row) ? null : OfDecimal(values.GetBytes(row), scale),
        BinaryArray values => row => values.IsNull(row) ? null : ColumnText.Of(values.GetBytes(row)),
        LargeBinaryArray values => row => values.IsNull(row) ? null : ColumnText.Of(values.GetBytes(row)),
        BinaryViewArray values => row => values.IsNull(row) ? null : ColumnText.Of(values.GetBytes(row)),
        FixedSizeBinaryArray values => row => values.IsNull(row) ? null : ColumnText.Of(values.GetBytes(row)),
        Int8Array values => OfNumbers(values),
        Int16Array values => OfNumbers(values),
        Int32Array values => OfNumbers(values),
        Int64Array values => OfNumbers(values),
        UInt8Array values => OfNumbers(values),
        UInt16Array values => OfNumbers(values),
        UInt32Array values => OfNumbers(values),
        UInt64Array values => OfNumbers(values),
        HalfFloatArray values => OfNumbers(values),
        FloatArray values => OfNumbers(values),
        DoubleArray values => OfNumbers(values),
        var other => throw new NotSupportedException($"Columns of type {other.Data.DataType.Name} are not read."),
    };

    /// <summary>The list of a row, as JSON.</summary>
    public static Func<int, string?> OfLists(IArrowArray array)
    {
        Func<int, IArrowArray?> list = Stored(array) switch
        {
            ListArray lists => lists.GetSlicedValues,
            LargeListArray lists => lists.GetSlicedValues,
            ListViewArray lists => lists.GetSlicedValues,
            LargeListViewArray lists => lists.GetSlicedValues,
            FixedSizeListArray lists => lists.GetSlicedValues,
            var other => throw new NotSupportedException($"Lists of type {other.Data.DataType.Name} are not read."),
        };
        return row => list(row) is { Length: > 0 } values and not NullArray
            ? ColumnText.OfList(Enumerable.Range(0, values.Length).Select(Of(values)), IsJson(values.Data.DataType))
            : null;
    }

    private static int? ScaleOf(IArrowType type) => type switch
    {
        Decimal32Type decimals => decimals.Scale,
        Decimal64Type decimals => decimals.Scale,
        Decimal128Type decimals => decimals.Scale,
        Decimal256Type decimals => decimals.Scale,
        _ => null,
    };

    private static string OfDecimal(ReadOnlySpan<byte> bytes, int scale)
    {
        var value = new BigInteger(bytes);
        string digits = ColumnText.Of(BigInteger.Abs(value)).PadLeft(scale + 1, '0');
        return $"{(value.Sign < 0 ? "-" : "")}{digits[..^scale]}{(scale > 0 ? "." : "")}{digits[^scale..]}";
    }

    private static Func<int, string?> OfNumbers<T>(PrimitiveArray<T> values)
        where T : struct, IEquatable<T>, IFormattable => row => values.GetValue(row) is { } value ? ColumnText.Of(value) : null;

    private static string? OfDate(DateTime? value) => value is { } time ? ColumnText.Of(DateOnly.FromDateTime(time)) : null;

    private static Func<int, string?> OfTimes(TimestampArray values, bool hasZone) =>
        row => values.GetTimestamp(row) is { } time ? ColumnText.Of(hasZone ? time.UtcDateTime : time.DateTime) : null;

    private static Func<int, string?> OfCategories(Func<int, int?> indices, Func<int, string?> values) =>
        row => indices(row) is { } index ? values(index) : null;

    private static Func<int, int?> Indices(IArrowArray array) => array switch
    {
        Int8Array values => Indices(values),
        Int16Array values => Indices(values),
        Int32Array values => Indices(values),
        Int64Array values => Indices(values),
        UInt8Array values => Indices(values),
        UInt16Array values => Indices(values),
        UInt32Array values => Indices(values),
        UInt64Array values => Indices(values),
        _ => throw new NotSupportedException($"Categories that are numbered by {array.Data.DataType.Name} are not read."),
    };

    private static Func<int, int?> Indices<T>(PrimitiveArray<T> values)
        where T : struct, IEquatable<T>, INumberBase<T> => row => values.GetValue(row) is { } value ? int.CreateChecked(value) : null;
}
