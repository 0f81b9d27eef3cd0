namespace SentimentML;

/// <summary>Rows whose label is known and a model's scores of them: what a report is made from.</summary>
public sealed class EvaluationRows
{
    /// <summary>The texts, one a row.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>The true class of each row, from 0.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>The model's scores before softmax. [rows][classes]</summary>
    public required IReadOnlyList<double[]> Logits { get; init; }

    /// <summary>The classes' names, in the order of the logits.</summary>
    public required IReadOnlyList<string> LabelNames { get; init; }

    /// <summary>The number by which a person finds each row again, as its place in a file from 1. The default value is null: 1, 2, 3, …</summary>
    public IReadOnlyList<long>? RowNumbers { get; init; }

    /// <summary>The stars of each row. The default value is null: none are known.</summary>
    public IReadOnlyList<float>? Stars { get; init; }

    /// <summary>Further columns to group by, a value a row. The default value is none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string?>> Columns { get; init; } = new Dictionary<string, IReadOnlyList<string?>>();
}
