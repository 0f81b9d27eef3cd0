using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Labels;

/// <summary>A column of stars, of whichever number type, read as double.</summary>
internal static class StarsColumn
{
    public static bool CanRead(DataViewType type) => type is NumberDataViewType;

    /// <summary>A getter for the column's value in the row's current state; NaN where it is missing.</summary>
    public static Func<double> Getter(DataViewRow row, DataViewSchema.Column column) => Type.GetTypeCode(column.Type.RawType) switch
    {
        TypeCode.Single => Getter<float>(row, column, value => value),
        TypeCode.Double => Getter<double>(row, column, value => value),
        TypeCode.SByte => Getter<sbyte>(row, column, value => value),
        TypeCode.Byte => Getter<byte>(row, column, value => value),
        TypeCode.Int16 => Getter<short>(row, column, value => value),
        TypeCode.UInt16 => Getter<ushort>(row, column, value => value),
        TypeCode.Int32 => Getter<int>(row, column, value => value),
        TypeCode.UInt32 => Getter<uint>(row, column, value => value),
        TypeCode.Int64 => Getter<long>(row, column, value => value),
        TypeCode.UInt64 => Getter<ulong>(row, column, value => value),
        _ => throw new SentimentMLException(NotANumber(column.Name, column.Type.ToString())),
    };

    public static string NotANumber(string column, string? type) =>
        $"Column '{column}' is of type {type}; one number a row was expected, the stars from 1 to 5. Convert it first (ml.Transforms.Conversion.ConvertType).";

    private static Func<double> Getter<T>(DataViewRow row, DataViewSchema.Column column, Func<T, double> convert)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            get(ref value);
            return convert(value);
        };
    }
}
