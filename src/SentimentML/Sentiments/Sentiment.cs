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

internal static class SentimentWords
{
    /// <summary>"negative", "neutral" or "positive": how files, records and answers write it.</summary>
    public static string Word(this Sentiment sentiment) => sentiment.ToString().ToLowerInvariant();
}
