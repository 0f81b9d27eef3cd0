namespace SentimentML;

/// <summary>The kinds of models that are compared.</summary>
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

    /// <summary>A model that was fine-tuned before, used as it is (<see cref="ReadyModel"/>).</summary>
    Ready,
}
