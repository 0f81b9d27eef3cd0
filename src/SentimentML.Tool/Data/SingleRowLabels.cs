using System.Globalization;
using Microsoft.ML;
using SentimentML.Files;
using SentimentML.Labels;

namespace SentimentML.Tool.Data;

/// <summary>Reports labels that have a single row: often a total or a remark below the table, and not a class.</summary>
internal static class SingleRowLabels
{
    /// <summary>A sentence for each such label.</summary>
    /// <param name="rows">The file as it is read, with texts and labels.</param>
    /// <param name="counts">Each label with its number of rows.</param>
    public static IEnumerable<string> Of(IDataView rows, IReadOnlyCollection<KeyValuePair<string, long>> counts)
    {
        IReadOnlyList<string> single = LabelCheck.SingleRows(counts);
        if (single.Count == 0)
            yield break;
        DataViewSchema.Column text = rows.Schema["Text"], label = rows.Schema[ReviewData.LabelColumn];
        using DataViewRowCursor cursor = rows.GetRowCursor([text, label]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(text), readLabel = cursor.GetGetter<ReadOnlyMemory<char>>(label);
        ReadOnlyMemory<char> value = default;
        for (long row = 1; cursor.MoveNext(); row++)
        {
            readLabel(ref value);
            string name = value.ToString();
            if (!single.Contains(name))
                continue;
            readText(ref value);
            if (value.Span.IsWhiteSpace())
                continue; // left out anyway
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Label {Quoted.Value(name)} has a single row (row {row:N0}: {Quoted.Value(value.ToString())}), while the other labels have many. ")
                + "If the row is a total or a remark below the table, remove it from the file; otherwise the label is trained as a class of its own.";
        }
    }
}
