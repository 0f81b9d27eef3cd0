using Microsoft.ML;
using SentimentML.Labels;

namespace SentimentML.Tool.Data;

/// <summary>Reports labels that say no sentiment while the others do: often they are misspelled.</summary>
internal static class SilentLabels
{
    /// <summary>A sentence that names them; null if there are none.</summary>
    /// <param name="rows">The file as it is read, with labels as text.</param>
    /// <param name="counts">Each label with its number of rows.</param>
    /// <param name="hasSentimentModel">Whether a training would start from a ready sentiment model.</param>
    public static string? Of(IDataView rows, IReadOnlyCollection<KeyValuePair<string, long>> counts, bool hasSentimentModel)
    {
        // Asked without rows first: most files need not be read once more.
        if (LabelCheck.WithoutSentiment([.. counts.Select(count => new LabelRows(count.Key, count.Value, First: 1))], hasSentimentModel) is null)
            return null;
        Dictionary<string, long> first = FirstRows(rows);
        return LabelCheck.WithoutSentiment(
            [.. counts.Select(count => new LabelRows(count.Key, count.Value, first.GetValueOrDefault(count.Key)))], hasSentimentModel);
    }

    private static Dictionary<string, long> FirstRows(IDataView rows)
    {
        var first = new Dictionary<string, long>(StringComparer.Ordinal);
        DataViewSchema.Column label = rows.Schema[ReviewData.LabelColumn];
        using DataViewRowCursor cursor = rows.GetRowCursor([label]);
        ValueGetter<ReadOnlyMemory<char>> read = cursor.GetGetter<ReadOnlyMemory<char>>(label);
        ReadOnlyMemory<char> value = default;
        for (long row = 1; cursor.MoveNext(); row++)
        {
            read(ref value);
            first.TryAdd(value.ToString(), row);
        }
        return first;
    }
}
