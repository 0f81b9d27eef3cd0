namespace SentimentML.Training;

/// <summary>Where a run is, between two steps. With the weights and the optimizer's moments, all that is needed to go on from there.</summary>
internal sealed record TrainingState
{
    /// <summary>Optimizer steps taken.</summary>
    public int Step { get; set; }

    /// <summary>In how many pieces a batch goes through the network: more than 1 after memory ran out.</summary>
    public int Pieces { get; set; } = 1;

    /// <summary>The best evaluation's score; null before the first.</summary>
    public double? BestScore { get; set; }

    /// <summary>Evaluations since the best one.</summary>
    public int EvaluationsSinceBest { get; set; }

    public TrainingHistory History { get; init; } = new();
}
