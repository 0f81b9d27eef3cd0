namespace SentimentML;

/// <summary>What a fine-tuning run is doing.</summary>
public enum TrainingStage
{
    /// <summary>The backbone is fetched and read, texts are tokenized.</summary>
    Preparing,

    /// <summary>The validation set is scored.</summary>
    Evaluating,

    /// <summary>A step was taken.</summary>
    Training,

    /// <summary>Something happened beside the steps, which the message says: a checkpoint was resumed, a disk is full.</summary>
    Note,

    /// <summary>The run is over.</summary>
    Finished,
}

/// <summary>One report of a fine-tuning run.</summary>
public sealed record TrainingProgress
{
    /// <summary>What the run is doing.</summary>
    public required TrainingStage Stage { get; init; }

    /// <summary>
    /// In words, what is being prepared, or what happened beside the steps (a checkpoint gone on from, a disk that is full); null where
    /// there is nothing to say.
    /// </summary>
    public string? Message { get; init; }

    /// <summary>Epochs gone through so far, with a fraction: 1.5 is the middle of the second.</summary>
    public double Epoch { get; init; }

    /// <summary>Epochs in all.</summary>
    public int Epochs { get; init; }

    /// <summary>Optimizer steps taken so far.</summary>
    public int Step { get; init; }

    /// <summary>Optimizer steps in all.</summary>
    public int Steps { get; init; }

    /// <summary>The last step's loss, the mean over its rows; null before the first.</summary>
    public double? Loss { get; init; }

    /// <summary>The last step's learning rate; null before the first.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The norm of the last step's gradients before clipping; null before the first.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>Training rows a second, over the last seconds; null before the first step.</summary>
    public double? RowsPerSecond { get; init; }

    /// <summary>The time that the rest of the run will take, evaluations included; null while it cannot be told.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>The time since the run began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The process's resident memory in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>The validation set's metrics, in the report that closes an evaluation; null in all others.</summary>
    public TrainingEvaluation? Evaluation { get; init; }
}
