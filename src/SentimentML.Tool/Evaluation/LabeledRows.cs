using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Tool.Data;

namespace SentimentML.Tool.Evaluation;

/// <summary>The rows of a file that have a label, with all that the file says of them.</summary>
internal sealed class LabeledRows
{
    private const string Stars = "Stars";

    private static readonly string[] NotFurther = ["Text", "Title", "Body", Stars, ReviewData.LabelColumn];

    private readonly IDataView _rows;
    private readonly DataViewSchema.Column[] _further;

    public LabeledRows(LabeledData data)
    {
        _rows = data.Rows;
        _further = [.. _rows.Schema.Where(column => !column.IsHidden && column.Type is TextDataViewType && !NotFurther.Contains(column.Name))];
    }

    public bool HasStars => _rows.Schema.GetColumnOrNull(Stars) is { Type: NumberDataViewType };

    /// <summary>The further columns' names.</summary>
    public IReadOnlyList<string> Columns => [.. _further.Select(column => column.Name)];

    /// <summary>Reads the rows, lazily.</summary>
    public IEnumerable<LabeledRow> Read()
    {
        DataViewSchema.Column text = _rows.Schema["Text"], label = _rows.Schema[ReviewData.LabelColumn];
        DataViewSchema.Column? stars = HasStars ? _rows.Schema[Stars] : null;
        using DataViewRowCursor cursor = _rows.GetRowCursor([text, label, .. stars is { } s ? [s] : Array.Empty<DataViewSchema.Column>(), .. _further]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(text);
        ValueGetter<uint> readLabel = cursor.GetGetter<uint>(label);
        ValueGetter<float>? readStars = stars is { } column ? cursor.GetGetter<float>(column) : null;
        ValueGetter<ReadOnlyMemory<char>>[] readFurther = Array.ConvertAll(_further, cursor.GetGetter<ReadOnlyMemory<char>>);
        ReadOnlyMemory<char> value = default;
        for (long number = 1; cursor.MoveNext(); number++)
        {
            uint key = 0;
            readLabel(ref key);
            if (key == 0)
                continue;
            float starsValue = float.NaN;
            readStars?.Invoke(ref starsValue);
            readText(ref value);
            yield return new LabeledRow(number, value.ToString(), (int)key - 1, starsValue, Array.ConvertAll(readFurther, read =>
            {
                read(ref value);
                return value.ToString();
            }));
        }
    }
}
