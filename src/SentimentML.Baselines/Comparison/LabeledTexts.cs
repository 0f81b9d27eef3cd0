using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Labels;

namespace SentimentML.Comparison;

/// <summary>Texts with labels, in memory: read once, and given to several models.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="Labels">The place of each text's label in <paramref name="LabelNames"/>.</param>
/// <param name="LabelNames">The labels' names.</param>
internal sealed record LabeledTexts(IReadOnlyList<string> Texts, IReadOnlyList<int> Labels, IReadOnlyList<string> LabelNames)
{
    private const int HeldOutOf = 5;

    public int Count => Texts.Count;

    /// <summary>Reads the rows to learn from; labels that no row has are left out.</summary>
    /// <exception cref="SentimentMLException">There are no rows with at least two labels.</exception>
    public static LabeledTexts Train(IDataView view, SentimentClassificationOptions options)
    {
        IReadOnlyList<string> names = Names(view, options.LabelColumnName);
        (string Text, string Label)[] rows = [.. Read(view, options)];
        if (rows.Length == 0)
            throw new SentimentMLException(
                "No training row has a label, expected rows of at least two labels. Three-star reviews have none unless they are mapped to a third class.");
        HashSet<string> used = [.. rows.Select(row => row.Label)];
        if (used.Count < 2)
            throw new SentimentMLException($"All {rows.Length} training rows are labelled '{rows[0].Label}', expected rows of at least two labels.");
        return Of(rows, [.. names.Where(used.Contains)]);
    }

    /// <summary>Reads the rows that have one of the training's labels, in their order.</summary>
    /// <exception cref="SentimentMLException">No row has one.</exception>
    public static LabeledTexts Validation(IDataView view, SentimentClassificationOptions options, IReadOnlyList<string> labelNames)
    {
        (string Text, string Label)[] rows = [.. Read(view, options).Where(row => labelNames.Contains(row.Label))];
        return rows.Length > 0 ? Of(rows, labelNames) : throw new SentimentMLException(
            $"No validation row has one of the training's labels ({string.Join(", ", labelNames)}). Its labels are "
                + $"{string.Join(", ", Names(view, options.LabelColumnName))}.");
    }

    /// <summary>A fifth of each label's rows, and the rest.</summary>
    public (LabeledTexts Others, LabeledTexts HeldOut) Split()
    {
        int[] seen = new int[LabelNames.Count];
        bool[] held = [.. Labels.Select(label => ++seen[label] % HeldOutOf == 0)];
        LabeledTexts Where(bool isHeld)
        {
            int[] rows = [.. Enumerable.Range(0, Count).Where(row => held[row] == isHeld)];
            return new LabeledTexts([.. rows.Select(row => Texts[row])], [.. rows.Select(row => Labels[row])], LabelNames);
        }

        return (Where(false), Where(true));
    }

    /// <summary>The rows as ML.NET reads them: "Text", "Label" as a key, and "Features" if there are vectors.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="vectors">A vector for each text; null for none. *Shape:* (rows, dimensions)</param>
    public IDataView View(MLContext ml, float[][]? vectors = null)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), LabelNames.Count);
        schema[nameof(Row.Label)].AddAnnotation(
            "KeyValues",
            new VBuffer<ReadOnlyMemory<char>>(LabelNames.Count, [.. LabelNames.Select(name => name.AsMemory())]),
            new VectorDataViewType(TextDataViewType.Instance, LabelNames.Count));
        if (vectors is null)
            schema.Remove(schema[nameof(Row.Features)]);
        else
            schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, vectors[0].Length);
        return ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, Count).Select(row => new Row { Text = Texts[row], Label = (uint)Labels[row], Features = vectors?[row] }), schema);
    }

    /// <summary>The rows with a model's logits.</summary>
    public EvaluationRows Scored(IReadOnlyList<IReadOnlyList<double>> logits) =>
        new() { Texts = Texts, Labels = Labels, Logits = logits, LabelNames = LabelNames };

    private static LabeledTexts Of((string Text, string Label)[] rows, IReadOnlyList<string> names)
    {
        Dictionary<string, int> places = SentimentML.Labels.LabelNames.Places(names);
        return new LabeledTexts([.. rows.Select(row => row.Text)], [.. rows.Select(row => places[row.Label])], names);
    }

    private static IEnumerable<(string Text, string Label)> Read(IDataView view, SentimentClassificationOptions options)
    {
        DataViewSchema.Column text = view.Schema.RequireText(options.TextColumnName, "The data");
        DataViewSchema.Column label = view.Schema.Require(options.LabelColumnName, "The data");
        using DataViewRowCursor cursor = view.GetRowCursor([text, label]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(text);
        Func<string?> readLabel = LabelReader.Name(cursor, label);
        ReadOnlyMemory<char> value = default;
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            if (readLabel() is not { } name)
                continue;
            readText(ref value);
            yield return (value.ToString(), name);
        }
    }

    private static IReadOnlyList<string> Names(IDataView view, string labelColumn) =>
        SentimentML.Labels.LabelNames.Of(view.Schema.Require(labelColumn, "The data"), view);

    private sealed class Row
    {
        public string Text { get; set; } = "";

        /// <summary>From 0: ML.NET makes the key, which is from 1, of it.</summary>
        public uint Label { get; set; }

        public float[]? Features { get; set; }
    }
}
