using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Training;

namespace SentimentML.Tool.Data;

/// <summary>The rows of a file that have a label, and how often each label occurs.</summary>
internal sealed class LabeledData(string path, IDataView rows)
{
    /// <summary>The rows, with the label as a key.</summary>
    public IDataView Rows => rows;

    public string Path => path;

    /// <summary>The labels' names, in the keys' order.</summary>
    public IReadOnlyList<string> Labels { get; } = LabelNames.Of(rows.Schema[ReviewData.LabelColumn]);

    /// <summary>Reads the whole file, texts too, and counts each label's rows: what is wrong with it is told before any training begins.</summary>
    public IReadOnlyList<long> Count(CancellationToken cancellation)
    {
        long[] counts = new long[Labels.Count];
        foreach ((_, int label) in TextsWithLabels())
        {
            cancellation.ThrowIfCancellationRequested();
            counts[label]++;
        }
        return counts;
    }

    /// <summary>Each row's text and the place of its label in <see cref="Labels"/>.</summary>
    public IEnumerable<(string Text, int Label)> TextsWithLabels()
    {
        DataViewSchema.Column text = rows.Schema["Text"], label = rows.Schema[ReviewData.LabelColumn];
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

    /// <summary>"1,000 rows: 500 negative, 500 positive".</summary>
    public string Describe(IReadOnlyList<long> counts) => string.Create(CultureInfo.InvariantCulture,
        $"{path}: {counts.Sum():N0} rows: {string.Join(", ", Labels.Select((name, place) => string.Create(CultureInfo.InvariantCulture, $"{counts[place]:N0} {name}")))}");
}
