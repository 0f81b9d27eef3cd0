using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Data;

/// <summary>The rows of a file that have a label, with the label as a key.</summary>
internal sealed class LabeledData(MLContext ml, string path, IDataView rows)
{
    private const string TextColumn = "Text";

    public IDataView Rows => rows;

    public string Path => path;

    /// <summary>The labels' names, in the keys' order.</summary>
    public IReadOnlyList<string> Labels { get; } = Names(rows.Schema[ReviewData.LabelColumn]);

    /// <summary>
    /// Each row's label, as its index in <see cref="Labels"/>. Reads the texts too, so that errors in the file are reported before
    /// training starts.
    /// </summary>
    public int[] ReadLabels(CancellationToken cancellation)
    {
        DataViewSchema.Column text = rows.Schema[TextColumn], label = rows.Schema[ReviewData.LabelColumn];
        using DataViewRowCursor cursor = rows.GetRowCursor([text, label]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(text);
        ValueGetter<uint> readLabel = cursor.GetGetter<uint>(label);
        var labels = new List<int>();
        ReadOnlyMemory<char> value = default;
        uint key = 0;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            readText(ref value);
            readLabel(ref key);
            labels.Add((int)key - 1);
        }
        return [.. labels];
    }

    /// <summary>Rows drawn at random, in the file's order.</summary>
    public LabeledData Sample(int count, int seed) => new(ml, path, ml.Data.SampleRows(rows, count, seed));

    /// <summary>The first rows.</summary>
    public LabeledData First(int count) => new(ml, path, ml.Data.TakeRows(rows, count));

    /// <summary>"1,000 rows: 500 negative, 500 positive".</summary>
    public string Describe(IReadOnlyCollection<int> labels) =>
        $"{path}: {RowsShown.Rows(labels.Count)}: {string.Join(", ", Labels.Select((name, index) => $"{Count(labels, index)} {Shown(name)}"))}";

    /// <summary>A label that begins with a digit would look like one more count.</summary>
    private static string Shown(string name) => name.Length > 0 && char.IsAsciiDigit(name[0]) ? Language.Say($"«{name}»", $"\"{name}\"") : name;

    private static string Count(IReadOnlyCollection<int> labels, int index) => Language.Text.Count(labels.Count(label => label == index));

    private static string[] Names(DataViewSchema.Column label)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        label.GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
