namespace SentimentML.Training;

/// <summary>How to train, every choice made.</summary>
internal sealed record TrainingRecipe
{
    public required int Epochs { get; init; }
    public required int BatchSize { get; init; }
    public required double LearningRate { get; init; }
    public required double WeightDecay { get; init; }
    public required int WarmupSteps { get; init; }
    public required int GradientAccumulation { get; init; }
    public required double MaxGradientNorm { get; init; }
    public required double LabelSmoothing { get; init; }
    public required bool Shuffle { get; init; }
    public required int Seed { get; init; }

    /// <summary>Optimizer steps of one epoch: the last one may be of fewer rows.</summary>
    public int StepsPerEpoch(int rows)
    {
        int batches = (rows + BatchSize - 1) / BatchSize;
        return (batches + GradientAccumulation - 1) / GradientAccumulation;
    }
}
