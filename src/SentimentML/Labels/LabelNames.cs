using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Labels;

/// <summary>The names of labels, which the values of a key column have.</summary>
internal static class LabelNames
{
    /// <exception cref="SentimentMLException">The column is no key, or its values have no names.</exception>
    public static IReadOnlyList<string> Of(DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType)
            throw new SentimentMLException($"The label column '{column.Name}' holds {column.Type}, expected a key: map stars with MapStarsToSentiment, text labels with MapValueToKey.");
        if (!column.HasKeyValues())
            throw new SentimentMLException($"The values of the label column '{column.Name}' have no names (annotation KeyValues): map stars with MapStarsToSentiment, text labels with MapValueToKey.");
        if (column.Annotations.Schema["KeyValues"].Type is not VectorDataViewType { ItemType: TextDataViewType })
        {
            // Keys made from numbers have numbers as values: their text is their name.
            return NumbersAsText(column);
        }
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    /// <summary>The place of each name.</summary>
    public static Dictionary<string, int> Places(IReadOnlyList<string> names) =>
        names.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);

    private static IReadOnlyList<string> NumbersAsText(DataViewSchema.Column column)
    {
        IReadOnlyList<string> Read<T>()
        {
            VBuffer<T> values = default;
            column.GetKeyValues(ref values);
            return [.. values.DenseValues().Select(value => FormattableString.Invariant($"{value}"))];
        }

        Type item = ((VectorDataViewType)column.Annotations.Schema["KeyValues"].Type).ItemType.RawType;
        return item switch
        {
            var t when t == typeof(float) => Read<float>(),
            var t when t == typeof(double) => Read<double>(),
            var t when t == typeof(int) => Read<int>(),
            var t when t == typeof(long) => Read<long>(),
            var t when t == typeof(uint) => Read<uint>(),
            var t when t == typeof(byte) => Read<byte>(),
            var t when t == typeof(bool) => Read<bool>(),
            _ => throw new SentimentMLException($"The values of the label column '{column.Name}' are {item}, expected text or numbers."),
        };
    }
}
