namespace SentimentML;

/// <summary>How the vectors of a text's tokens become one.</summary>
public enum TextPooling
{
    /// <summary>Their mean, special tokens included and padding not.</summary>
    Mean,

    /// <summary>The first token's, <c>&lt;s&gt;</c>: what a classification head reads. It says little before a fine-tuning.</summary>
    First,
}
