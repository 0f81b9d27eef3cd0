namespace SentimentML;

/// <summary>
/// Memory ran out in a training: train again with a lower <see cref="SentimentClassificationOptions.BatchSize"/> and as much more
/// <see cref="SentimentClassificationOptions.GradientAccumulation"/>, which gives the same steps.
/// </summary>
public sealed class TrainingOutOfMemoryException : SentimentMLException
{
    internal TrainingOutOfMemoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
