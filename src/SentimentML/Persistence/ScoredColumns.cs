using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Persistence;

/// <summary>The names of the columns that a model reads and adds.</summary>
internal sealed record ScoredColumns(string Text, string? TextPair, string PredictedLabel, string Score)
{
    /// <summary>A schema with the model's columns behind its own, in ML.NET's order: PredictedLabel, then Score.</summary>
    public DataViewSchema AddTo(DataViewSchema schema, IReadOnlyList<string> labels)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        builder.AddColumn(PredictedLabel, new KeyDataViewType(typeof(uint), labels.Count), Names("KeyValues", labels));
        builder.AddColumn(Score, new VectorDataViewType(NumberDataViewType.Single, labels.Count), Names("SlotNames", labels));
        return builder.ToSchema();
    }

    private static DataViewSchema.Annotations Names(string kind, IReadOnlyList<string> names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        VBuffer<ReadOnlyMemory<char>> values = new(names.Count, [.. names.Select(name => name.AsMemory())]);
        builder.Add(kind, new VectorDataViewType(TextDataViewType.Instance, names.Count), (ref VBuffer<ReadOnlyMemory<char>> value) => values.CopyTo(ref value));
        return builder.ToAnnotations();
    }
}
