using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Evaluation;
using SentimentML.Tool.Data;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Evaluation;

/// <summary>A data file as it is, rows without stars or label included.</summary>
internal sealed class InspectedFile
{
    /// <summary>Of larger files the texts are not kept, and those nearly the same not looked for.</summary>
    private const int MostKept = 200_000;

    private readonly IDataView _rows;
    private List<string>? _texts = [];

    public InspectedFile(MLContext ml, string path, DataColumns columns) => _rows = ml.Data.LoadReviews(path, new ReviewFileOptions
    {
        TextColumn = columns.Text,
        StarsColumn = columns.Stars,
        StarsOffset = columns.StarsOffset,
        LabelColumn = columns.Label,
        AllowUnlabeledRows = true,
    });

    /// <summary>The texts that were read; null where there are too many to keep.</summary>
    public IReadOnlyList<string>? KeptTexts => _texts;

    /// <summary>Reads the rows, lazily.</summary>
    public IEnumerable<DataRow> Rows(RowsShown shown, CancellationToken cancellation)
    {
        DataViewSchema.Column text = _rows.Schema["Text"];
        DataViewSchema.Column? stars = _rows.Schema.GetColumnOrNull("Stars"), label = _rows.Schema.GetColumnOrNull("Label");
        using DataViewRowCursor cursor = _rows.GetRowCursor([text, .. new[] { stars, label }.OfType<DataViewSchema.Column>()]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(text);
        ValueGetter<float>? readStars = stars is { } starsColumn ? cursor.GetGetter<float>(starsColumn) : null;
        ValueGetter<ReadOnlyMemory<char>>? readLabel = label is { } labelColumn ? cursor.GetGetter<ReadOnlyMemory<char>>(labelColumn) : null;
        ReadOnlyMemory<char> value = default;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            readText(ref value);
            string review = value.ToString();
            float starsValue = 0;
            readStars?.Invoke(ref starsValue);
            value = default;
            readLabel?.Invoke(ref value);
            Keep(review);
            yield return new DataRow(review, readStars is null ? null : starsValue, readLabel is null ? null : value.ToString());
            shown.Done();
        }
    }

    private void Keep(string review)
    {
        _texts?.Add(review);
        if (_texts?.Count > MostKept)
            _texts = null;
    }
}
