namespace SentimentML;

/// <summary>How the vectors of a text's tokens become one.</summary>
public enum TextPooling
{
    /// <summary>Their mean, special tokens included and padding not.</summary>
    Mean,

    /// <summary>The first token's, <c>&lt;s&gt;</c> or <c>[CLS]</c>: what most classification heads read. It says little before a fine-tuning.</summary>
    First,
}
