namespace SentimentML.Training;

/// <summary>All that a run told of itself, in order.</summary>
internal sealed class TrainingHistory
{
    public List<TrainingStep> Steps { get; init; } = [];

    /// <summary>The untrained network's first; empty without a validation set.</summary>
    public List<TrainingEvaluation> Evaluations { get; init; } = [];

    /// <summary>How the run ended.</summary>
    public TrainingEnd End { get; set; }
}

internal enum TrainingEnd
{
    Complete,
    StoppedEarly,
    Cancelled,
}
