using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Training;

namespace SentimentML.Tool.Data;

/// <summary>The rows of a file that have a label, with the label as a key.</summary>
internal sealed class LabeledData(MLContext ml, string path, IDataView rows)
{
    private const string TextColumn = "Text";

    public IDataView Rows => rows;

    public string Path => path;

    /// <summary>The labels' names, in the keys' order.</summary>
    public IReadOnlyList<string> Labels { get; } = LabelNames.Of(rows.Schema[ReviewData.LabelColumn]);

    /// <summary>Each row's label, as its place in <see cref="Labels"/>. Texts are read too: what is wrong with the file is told before any training begins.</summary>
    public int[] ReadLabels(CancellationToken cancellation)
    {
        var labels = new List<int>();
        foreach ((_, int label) in TextsWithLabels())
        {
            cancellation.ThrowIfCancellationRequested();
            labels.Add(label);
        }
        return [.. labels];
    }

    /// <summary>Each row's text and the place of its label in <see cref="Labels"/>.</summary>
    public IEnumerable<(string Text, int Label)> TextsWithLabels()
    {
        DataViewSchema.Column text = rows.Schema[TextColumn], label = rows.Schema[ReviewData.LabelColumn];
        using DataViewRowCursor cursor = rows.GetRowCursor([text, label]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(text);
        ValueGetter<uint> readLabel = cursor.GetGetter<uint>(label);
        ReadOnlyMemory<char> value = default;
        uint key = 0;
        while (cursor.MoveNext())
        {
            readText(ref value);
            readLabel(ref key);
            if (key > 0)
                yield return (value.ToString(), (int)key - 1);
        }
    }

    /// <summary>Some of the rows that have a label, in the file's order.</summary>
    /// <param name="places">Their places among those that have one.</param>
    public LabeledData Only(IReadOnlySet<int> places)
    {
        HashSet<int> kept = [.. PlacesWithLabel().Where((_, place) => places.Contains(place))];
        return new LabeledData(ml, path, ml.Data.FilterByStatefulCustomPredicate<TextRow, Position>(rows, (_, at) => !kept.Contains(at.Place++), at => at.Place = 0));
    }

    /// <summary>The places among all rows of those that have a label.</summary>
    private IEnumerable<int> PlacesWithLabel()
    {
        DataViewSchema.Column label = rows.Schema[ReviewData.LabelColumn];
        using DataViewRowCursor cursor = rows.GetRowCursor([label]);
        ValueGetter<uint> readLabel = cursor.GetGetter<uint>(label);
        uint key = 0;
        for (int place = 0; cursor.MoveNext(); place++)
        {
            readLabel(ref key);
            if (key > 0)
                yield return place;
        }
    }

    /// <summary>"1,000 rows: 500 negative, 500 positive".</summary>
    public string Describe(IReadOnlyCollection<int> labels) => string.Create(CultureInfo.InvariantCulture,
        $"{path}: {labels.Count:N0} rows: {string.Join(", ", Labels.Select((name, place) => string.Create(CultureInfo.InvariantCulture, $"{labels.Count(label => label == place):N0} {name}")))}");

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }

    private sealed class Position
    {
        public int Place { get; set; }
    }
}
