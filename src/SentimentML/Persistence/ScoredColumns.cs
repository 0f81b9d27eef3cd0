using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Labels;

namespace SentimentML.Persistence;

/// <summary>The names of the columns that a model reads and adds.</summary>
internal sealed record ScoredColumns(string Text, string? TextPair, string PredictedLabel, string Score)
{
    /// <summary>What the keys of the predicted labels stand for.</summary>
    public LabelType LabelType { get; init; } = LabelType.Text;

    /// <summary>A schema with the model's columns behind its own, in ML.NET's order: PredictedLabel, then Score.</summary>
    public DataViewSchema AddTo(DataViewSchema schema, IReadOnlyList<string> labels)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        builder.AddColumn(PredictedLabel, new KeyDataViewType(typeof(uint), labels.Count), LabelType.KeyValuesOf(labels));
        builder.AddColumn(Score, new VectorDataViewType(NumberDataViewType.Single, labels.Count), SlotNames(labels));
        return builder.ToSchema();
    }

    private static DataViewSchema.Annotations SlotNames(IReadOnlyList<string> names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        VBuffer<ReadOnlyMemory<char>> values = new(names.Count, [.. names.Select(name => name.AsMemory())]);
        builder.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, names.Count), (ref VBuffer<ReadOnlyMemory<char>> value) =>
            values.CopyTo(ref value));
        return builder.ToAnnotations();
    }
}
