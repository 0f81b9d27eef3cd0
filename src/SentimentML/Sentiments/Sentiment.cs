namespace SentimentML;

/// <summary>What a text feels about what it speaks of.</summary>
public enum Sentiment
{
    /// <summary>Against it: one or two stars.</summary>
    Negative,

    /// <summary>Neither, or both alike: three stars.</summary>
    Neutral,

    /// <summary>For it: four or five stars.</summary>
    Positive,
}
