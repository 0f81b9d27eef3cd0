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
    /// With few rows there are more epochs, up to <see cref="MaxEpochs"/>, until there are this many steps. The default value is 0: never more.
    /// </summary>
    public int MinSteps { get; init; }

    /// <summary>The most epochs that <see cref="MinSteps"/> gives, 1 or more. The default value is 10.</summary>
    public int MaxEpochs { get; init; } = 10;

    /// <summary>
    /// The dropout of hidden numbers in training (<see cref="SentimentClassificationOptions.HiddenDropout"/>), from 0 to below 1; null for the
    /// value of the backbone's config.json.
    /// </summary>
    public double? HiddenDropout { get; init; }

    /// <summary>
    /// The smallest number of training rows for which LoRA is recommended. With fewer rows all weights are trained, because a new
    /// classification head learns too little from a few steps of LoRA. The default value is 0.
    /// </summary>
    public int MinRows { get; init; }
}
