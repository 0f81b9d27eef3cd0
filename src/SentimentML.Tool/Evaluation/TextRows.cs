using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Tool.Data;

namespace SentimentML.Tool.Evaluation;

/// <summary>Texts with labels, in memory: read once, trained on by several models.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="Labels">The place of each text's label in <paramref name="LabelNames"/>.</param>
/// <param name="LabelNames">The labels' names.</param>
internal sealed record TextRows(string[] Texts, int[] Labels, string[] LabelNames)
{
    private const int HeldOutOf = 5;

    public int Count => Texts.Length;

    /// <summary>Reads a file's labelled rows; where only some are wanted, they are drawn, since files are often sorted by label.</summary>
    /// <param name="data">The file.</param>
    /// <param name="most">How many rows; null for all.</param>
    /// <param name="seed">What the draw starts from.</param>
    public static TextRows Draw(LabeledData data, int? most, int seed)
    {
        (string Text, int Label)[] all = [.. data.TextsWithLabels()];
        if (all.Length == 0)
            throw new SentimentMLException($"{data.Path}: no row has a label. Three-star reviews have none.");
        new Random(seed).Shuffle(all);
        if (most < all.Length)
            all = all[..most.Value];
        int[] used = [.. all.Select(row => row.Label).Distinct().Order()];
        if (used.Length < 2)
            throw new SentimentMLException($"{data.Path}: all {all.Length} rows to learn from are labelled '{data.Labels[used[0]]}'; rows of at least two labels were expected.");
        return Of(all.Select(row => (row.Text, Array.IndexOf(used, row.Label))), [.. used.Select(label => data.Labels[label])]);
    }

    /// <summary>Reads a file's rows whose label is one of those given, in the file's order; and how many have another.</summary>
    public static (TextRows Rows, int LeftOut) Matching(LabeledData data, string[] labelNames)
    {
        int[] places = [.. data.Labels.Select(name => Array.IndexOf(labelNames, name))];
        (string Text, int Label)[] all = [.. data.TextsWithLabels().Select(row => (row.Text, places[row.Label]))];
        TextRows rows = Of(all.Where(row => row.Label >= 0), labelNames);
        return rows.Count > 0 ? (rows, all.Length - rows.Count) : throw new SentimentMLException(
            $"{data.Path}: no row has one of the labels that are trained ({string.Join(", ", labelNames)}). Its labels are {string.Join(", ", data.Labels)}.");
    }

    /// <summary>A fifth of each label's rows, and the rest.</summary>
    public (TextRows Others, TextRows HeldOut) Split()
    {
        int[] seen = new int[LabelNames.Length];
        bool[] held = [.. Labels.Select(label => ++seen[label] % HeldOutOf == 0)];
        TextRows Where(bool isHeld) => Of(Enumerable.Range(0, Count).Where(row => held[row] == isHeld).Select(row => (Texts[row], Labels[row])), LabelNames);
        return (Where(false), Where(true));
    }

    /// <summary>The rows as ML.NET reads them: "Text", "Label" as a key, and "Features" where vectors are given.</summary>
    public IDataView View(MLContext ml, float[][]? vectors = null)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), LabelNames.Length);
        schema[nameof(Row.Label)].AddAnnotation("KeyValues", new VBuffer<ReadOnlyMemory<char>>(LabelNames.Length, [.. LabelNames.Select(name => name.AsMemory())]), new VectorDataViewType(TextDataViewType.Instance, LabelNames.Length));
        if (vectors is null)
            schema.Remove(schema[nameof(Row.Features)]);
        else
            schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, vectors[0].Length);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(row => new Row { Text = Texts[row], Label = (uint)Labels[row], Features = vectors?[row] }), schema);
    }

    private static TextRows Of(IEnumerable<(string Text, int Label)> rows, string[] labelNames)
    {
        (string Text, int Label)[] all = [.. rows];
        return new TextRows(Array.ConvertAll(all, row => row.Text), Array.ConvertAll(all, row => row.Label), labelNames);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        /// <summary>From 0: ML.NET makes the key, which is from 1, of it.</summary>
        public uint Label { get; set; }

        public float[]? Features { get; set; }
    }
}
