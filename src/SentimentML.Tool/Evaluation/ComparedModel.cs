using SentimentML.Evaluation;

namespace SentimentML.Tool.Evaluation;

/// <summary>A model of a comparison, measured on rows that it was not trained on.</summary>
/// <param name="Name">What a person calls it.</param>
/// <param name="Kind">What kind of model it is.</param>
/// <param name="Scored">The validation rows with its probabilities.</param>
/// <param name="TrainSeconds">How long its training took, that of its parts included.</param>
/// <param name="RowsPerSecond">How many texts it scores in a second, from text to probabilities.</param>
/// <param name="SizeBytes">How large it is when saved.</param>
internal sealed record ComparedModel(string Name, ComparedKind Kind, ScoredRows Scored, double TrainSeconds, double RowsPerSecond, long SizeBytes)
{
    public SentimentMetrics Metrics { get; } = SentimentMetrics.FromRows(Scored);

    /// <summary>Macro-F1 where classes are unbalanced, else accuracy.</summary>
    public double Headline => Metrics.IsUnbalanced ? Metrics.MacroF1.Value : Metrics.Accuracy.Value;
}

/// <summary>The kinds of models that are compared.</summary>
internal enum ComparedKind
{
    /// <summary>Reads the text itself, without a backbone.</summary>
    Classic,

    /// <summary>A classic model on the frozen backbone's vectors.</summary>
    Vectors,

    /// <summary>The fine-tuned backbone.</summary>
    FineTuned,

    /// <summary>N-grams and the fine-tuned backbone as one.</summary>
    Stack,
}
