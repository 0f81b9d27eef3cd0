using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.AspNetCore.Files;

/// <summary>The texts of a file, each with the columns that are no text, stars or label of a review, such as ids.</summary>
internal sealed class FileRows
{
    private const string TextColumn = "Text";

    private static readonly string[] OfReviews = [TextColumn, "Title", "Body", "Stars", "Label"];

    private readonly IDataView _view;
    private readonly DataViewSchema.Column[] _columns;

    /// <summary>Reads all rows once.</summary>
    public FileRows(IDataView view, CancellationToken cancellation)
    {
        _view = view;
        _columns = [.. view.Schema.Where(
            column => !column.IsHidden && column.Type is TextDataViewType && !OfReviews.Contains(column.Name, StringComparer.Ordinal))];
        foreach (FileRow _ in Read())
        {
            cancellation.ThrowIfCancellationRequested();
            Count++;
        }
    }

    /// <summary>The number of rows.</summary>
    public long Count { get; }

    /// <summary>The names of the columns that come along.</summary>
    public IReadOnlyList<string> ColumnNames => [.. _columns.Select(column => column.Name)];

    /// <summary>The rows, read as they are asked for.</summary>
    public IEnumerable<FileRow> Read()
    {
        DataViewSchema.Column text = _view.Schema[TextColumn];
        using DataViewRowCursor cursor = _view.GetRowCursor([text, .. _columns]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(text);
        ValueGetter<ReadOnlyMemory<char>>[] readColumns = Array.ConvertAll(_columns, column => cursor.GetGetter<ReadOnlyMemory<char>>(column));
        ReadOnlyMemory<char> value = default;
        while (cursor.MoveNext())
        {
            readText(ref value);
            yield return new FileRow(value.ToString(), Array.ConvertAll(readColumns, read =>
            {
                read(ref value);
                return value.ToString();
            }));
        }
    }
}
