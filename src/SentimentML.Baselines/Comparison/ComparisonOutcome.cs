namespace SentimentML;

/// <summary>What a comparison of a model with another says.</summary>
public enum ComparisonOutcome
{
    /// <summary>The rows show no difference.</summary>
    NoDifference,

    /// <summary>The model is better.</summary>
    Better,

    /// <summary>The other model is better.</summary>
    Worse,

    /// <summary>One has more rows right, and the other the higher macro-F1: they are good at different labels.</summary>
    Mixed,
}
