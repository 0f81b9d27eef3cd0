namespace SentimentML;

/// <summary>What becomes of the reviews in the middle, those with 3 stars.</summary>
public enum NeutralStars
{
    /// <summary>They are left out: the classes are negative and positive.</summary>
    Drop,

    /// <summary>They are a class of their own: negative, neutral and positive.</summary>
    Class,
}
