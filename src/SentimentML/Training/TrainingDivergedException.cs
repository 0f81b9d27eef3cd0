namespace SentimentML;

/// <summary>
/// A loss or a norm of gradients is not finite: the training has diverged. As a rule the recipe is the cause: train again with a
/// lower learning rate or a longer warmup.
/// </summary>
public sealed class TrainingDivergedException : SentimentMLException
{
    internal TrainingDivergedException(string message, int step)
        : base(message) => Step = step;

    /// <summary>The step in which it showed, counted from 1.</summary>
    public int Step { get; }
}
