namespace SentimentML;

/// <summary>What a Fit does when its token is cancelled.</summary>
public enum CancellationOutcome
{
    /// <summary>It throws an <see cref="OperationCanceledException"/>.</summary>
    Throw,

    /// <summary>
    /// It returns the best model so far: the best evaluation's weights, or the last step's where nothing was evaluated since
    /// the first step. Before the first step there is none, and it throws.
    /// </summary>
    KeepBest,
}
