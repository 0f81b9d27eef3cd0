using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>A model of a <see cref="ModelComparison"/>, or a <see cref="ReadyModel"/>, measured on rows that it was not trained on.</summary>
public sealed record ComparedModel
{
    internal ComparedModel(string name, ComparedModelKind kind, EvaluationRows rows)
    {
        Name = name;
        Kind = kind;
        Rows = rows;
        Metrics = SentimentMetrics.FromRows(ScoredRows.Of(rows));
    }

    /// <summary>A short name for a table.</summary>
    public string Name { get; }

    /// <summary>The kind of the model.</summary>
    public ComparedModelKind Kind { get; }

    /// <summary>The rows measured on, with the model's scores: for a classic model and a stack, the logarithms of the probabilities.</summary>
    public EvaluationRows Rows { get; }

    /// <summary>The metrics on these rows, with their intervals.</summary>
    public SentimentMetrics Metrics { get; }

    /// <summary>How long the training took, that of the model's parts included; null for a ready model.</summary>
    public TimeSpan? TrainingTime { get; internal init; }

    /// <summary>The texts that are scored in a second, from text to probabilities.</summary>
    public double RowsPerSecond { get; internal init; }

    /// <summary>The size of the saved model, that of its parts included.</summary>
    public long Bytes { get; internal init; }

    /// <summary>The figure that counts: macro-F1 if the classes are unbalanced, else accuracy.</summary>
    public MetricInterval Headline => Metrics.IsUnbalanced ? Metrics.MacroF1 : Metrics.Accuracy;
}
