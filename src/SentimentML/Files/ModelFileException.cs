namespace SentimentML;

/// <summary>
/// A model's files (weights, config.json, tokenizer, record, or the zip around them) are missing, damaged, not supported, or not of
/// the kind that the call needs: another copy, or another model, may work where this one does not.
/// </summary>
public sealed class ModelFileException : SentimentMLException
{
    /// <summary>Makes an exception with a message that a person can act on.</summary>
    /// <param name="message">Which file, what is wrong, what was expected and what to do.</param>
    public ModelFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message that a person can act on, and its cause.</summary>
    /// <param name="message">Which file, what is wrong, what was expected and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public ModelFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
