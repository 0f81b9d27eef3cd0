namespace SentimentML;

/// <summary>The validation set scored at one moment of a training.</summary>
public sealed record TrainingEvaluation
{
    /// <summary>Epochs gone through; 0 before the first step.</summary>
    public required double Epoch { get; init; }

    /// <summary>Optimizer steps taken.</summary>
    public required int Step { get; init; }

    /// <summary>The share of rows whose most probable label is the right one.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean over labels of F1.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>The mean of -ln of the right label's probability.</summary>
    public required double Loss { get; init; }
}
