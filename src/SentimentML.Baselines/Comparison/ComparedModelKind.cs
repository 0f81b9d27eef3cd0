namespace SentimentML;

/// <summary>The kinds of models of a <see cref="ModelComparison"/>.</summary>
public enum ComparedModelKind
{
    /// <summary>A classic model that reads the text itself, without a backbone.</summary>
    Classic,

    /// <summary>A classic model on the vectors of the backbone as it is.</summary>
    Vectors,

    /// <summary>The fine-tuned backbone.</summary>
    FineTuned,

    /// <summary>N-grams and the fine-tuned backbone as one (<see cref="StackedModel"/>).</summary>
    Stack,
}
