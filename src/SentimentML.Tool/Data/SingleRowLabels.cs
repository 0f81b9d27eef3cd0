using Microsoft.ML;
using SentimentML.Files;
using SentimentML.Labels;
using SentimentML.Wording;

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
        DataViewSchema.Column textColumn = rows.Schema["Text"], labelColumn = rows.Schema[ReviewData.LabelColumn];
        using DataViewRowCursor cursor = rows.GetRowCursor([textColumn, labelColumn]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(textColumn);
        ValueGetter<ReadOnlyMemory<char>> readLabel = cursor.GetGetter<ReadOnlyMemory<char>>(labelColumn);
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
            string label = Quoted.Value(name), shown = Quoted.Value(value.ToString());
            yield return Localized.Format(
                $"La etiqueta {label} tiene una sola fila (la {row:N0}: {shown}), mientras que las demás tienen muchas. ",
                $"Label {label} has a single row (row {row:N0}: {shown}), while the other labels have many. ")
                + Localized.Say(
                    "Si esa fila es un total o una nota bajo la tabla, quítala del archivo; si no, la etiqueta se entrena como una clase más.",
                    "If the row is a total or a remark below the table, remove it from the file; otherwise the label is trained as a class of its own.");
        }
    }
}
