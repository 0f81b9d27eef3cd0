using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Labels;

/// <summary>Reads a column of labels: keys that stand for values, or the values themselves.</summary>
internal static class LabelReader
{
    /// <summary>The name of the current row's label; null if it is missing.</summary>
    public static Func<string?> Name(DataViewRow row, DataViewSchema.Column column)
    {
        bool isMapped = column.Type is KeyDataViewType && LabelType.OfKeyValues(column) is not null;
        if (!isMapped && LabelType.Of(column.Type) is { } type) // a key that stands for nothing is its own value
            return type.Reader(row, column);
        IReadOnlyList<string> names = LabelNames.Of(column);
        Func<ulong> key = Key(row, column);
        return () => key() is > 0 and var k && k <= (ulong)names.Count ? names[(int)k - 1] : null;
    }

    /// <summary>The current row's label as a place among <paramref name="labels"/>; -1 if it is missing or none of them.</summary>
    public static Func<int> Place(DataViewRow row, DataViewSchema.Column column, IReadOnlyList<string> labels)
    {
        Dictionary<string, int> places = LabelNames.Places(labels);
        Func<string?> name = Name(row, column);
        return () => name() is { } label ? places.GetValueOrDefault(label, -1) : -1;
    }

    private static Func<ulong> Key(DataViewRow row, DataViewSchema.Column column)
    {
        Func<ulong> Reader<T>(Func<T, ulong> widen)
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            return () =>
            {
                T key = default!;
                getter(ref key);
                return widen(key);
            };
        }

        return Type.GetTypeCode(column.Type.RawType) switch
        {
            TypeCode.Byte => Reader<byte>(key => key),
            TypeCode.UInt16 => Reader<ushort>(key => key),
            TypeCode.UInt64 => Reader<ulong>(key => key),
            _ => Reader<uint>(key => key),
        };
    }
}
