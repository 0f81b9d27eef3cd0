using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Labels;

/// <summary>The names of labels, which the values of a key column have.</summary>
internal static class LabelNames
{
    private const string HowToMap = "Map stars with MapStarsToSentiment, other labels with MapValueToKey.";

    /// <param name="column">The labels.</param>
    /// <param name="data">Their rows, to say where there are none. The default value is null: it is not looked for.</param>
    /// <exception cref="SentimentMLException">The column is not a key, or its keys stand for no values.</exception>
    public static IReadOnlyList<string> Of(DataViewSchema.Column column, IDataView? data = null) => TypeOf(column, data).Names(column);

    /// <summary>The type of the values that the column's keys stand for.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static LabelType TypeOf(DataViewSchema.Column column, IDataView? data = null)
    {
        if (column.Type is not KeyDataViewType)
            throw new SentimentMLException($"The label column '{column.Name}' holds {column.Type}, expected a key. {HowToMap}");
        if (LabelType.OfKeyValues(column) is { } type)
            return type;
        if (data is not null && IsEmpty(data))
            throw new SentimentMLException("The training data has no rows, expected rows with a label. A cross-validation leaves a training without rows where "
                + "the sampling key has one value alone.");
        throw new SentimentMLException($"The keys of the label column '{column.Name}' stand for no values (annotation KeyValues), expected a text, "
                + $"number, boolean, time or key for each. Either no row has a label, or the key was made without names. {HowToMap}");
    }

    private static bool IsEmpty(IDataView data)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([]);
        return !cursor.MoveNext();
    }

    /// <summary>The place of each name. A name is found in any case, unless two of them differ in nothing else.</summary>
    public static Dictionary<string, int> Places(IReadOnlyList<string> names)
    {
        bool areDistinct = names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Count;
        return names.Index().ToDictionary(name => name.Item, name => name.Index, areDistinct ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    }
}
