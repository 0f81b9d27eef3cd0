using System.Text.Json.Serialization;

namespace SentimentML.Training;

/// <summary>Everything recorded during a run, in order.</summary>
internal sealed class TrainingHistory
{
    public List<TrainingStep> Steps { get; init; } = [];

    /// <summary>The untrained network's first; empty without a validation set.</summary>
    public List<TrainingEvaluation> Evaluations { get; init; } = [];

    /// <summary>The steps after which the run was resumed from a checkpoint, in order.</summary>
    public List<int> Resumptions { get; init; } = [];

    /// <summary>
    /// The validation rows' logits by the weights that were kept; null where the best evaluation was not in this process.
    /// A checkpoint goes without them: they can be had again.
    /// </summary>
    [JsonIgnore]
    public double[][]? BestLogits { get; set; }

    /// <summary>What a LoRA added to the network; null without one.</summary>
    [JsonIgnore]
    public TrainedAdapter? Adapter { get; set; }

    /// <summary>How the run ended.</summary>
    public TrainingEnd End { get; set; }
}

internal enum TrainingEnd
{
    Complete,
    StoppedEarly,
    Cancelled,
}
