namespace SentimentML;

/// <summary>LoRA on all matrices (Hu et al., 2021, arXiv:2106.09685) as a backbone recommends it.</summary>
public sealed record LoraRecipe
{
    /// <summary>The rank, 1 or more.</summary>
    public required int Rank { get; init; }

    /// <summary>The highest learning rate, above 0 and below 1.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The number of epochs, 1 or more.</summary>
    public required int Epochs { get; init; }

    /// <summary>
    /// The share of hidden numbers that are dropped in training (<see cref="SentimentClassificationOptions.HiddenDropout"/>), from 0 to below 1;
    /// null for what the backbone's configuration says.
    /// </summary>
    public double? HiddenDropout { get; init; }

    /// <summary>
    /// The fewest training rows that it is for: with fewer, everything is trained. A new head learns too little at LoRA's few steps. The default
    /// value is 0.
    /// </summary>
    public int MinRows { get; init; }
}
