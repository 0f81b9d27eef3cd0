using SentimentML.Reviews;

namespace SentimentML.Training;

/// <summary>How a run is conducted, which its outcome does not depend on.</summary>
internal sealed record RunSettings
{
    public CheckpointPlan? Checkpoints { get; init; }

    public CancellationOutcome OnCancellation { get; init; }

    /// <summary>Halve the batch and go on, accumulating, when memory runs out.</summary>
    public bool HalveBatchWhenOutOfMemory { get; init; }

    /// <summary>Compute each layer again for its gradients instead of keeping what is inside it.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>How messages name the options.</summary>
    public OptionNames Names { get; init; } = OptionNames.Properties;

    /// <summary>Read a step's loss and norm after the next step was begun on a CPU too, as on a GPU: with the same steps.</summary>
    public bool ReadsLate { get; init; }
}

/// <summary>Where and when checkpoints are written.</summary>
/// <param name="Folder">The folder that holds them.</param>
/// <param name="EverySteps">Steps between two; null for no such rule.</param>
/// <param name="Every">Time between two; null for no such rule. Without either rule there is one after each epoch.</param>
/// <param name="Keep">How many are kept.</param>
/// <param name="Resume">Resume from the newest whole one.</param>
internal sealed record CheckpointPlan(string Folder, int? EverySteps, TimeSpan? Every, int Keep, bool Resume)
{
    /// <summary>How messages name the options.</summary>
    public OptionNames Names { get; init; } = OptionNames.Properties;
}
