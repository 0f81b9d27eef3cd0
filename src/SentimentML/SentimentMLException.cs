namespace SentimentML;

/// <summary>
/// Something from outside — a file, a model folder, a hub, a device — is not what the work needs.
/// The message says what, where, what was expected and what to do.
/// </summary>
public class SentimentMLException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public SentimentMLException()
    {
    }

    /// <summary>Makes an exception with a message that a person can act on.</summary>
    /// <param name="message">What is wrong, where, what was expected and what to do.</param>
    public SentimentMLException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message that a person can act on, and its cause.</summary>
    /// <param name="message">What is wrong, where, what was expected and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public SentimentMLException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
