namespace SentimentML;

/// <summary>
/// What a backbone says suits it in fine-tuning: a small network wants larger steps than the reference notebook's. What is null
/// is the notebook's.
/// </summary>
public sealed record BackboneRecipe
{
    /// <summary>The highest learning rate, above 0 and below 1; null for the notebook's 2e-5.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The number of epochs, 1 or more; null for the notebook's 2.</summary>
    public int? Epochs { get; init; }

    /// <summary>The share of all steps in which the learning rate rises from 0, from 0 to 1; null for the notebook's 0.</summary>
    public double? WarmupRatio { get; init; }

    /// <summary>
    /// LoRA that suits the backbone better than training everything; null if none does. It is taken if the options leave learning rate, LoRA
    /// and frozen layers to the backbone.
    /// </summary>
    public LoraRecipe? Lora { get; init; }
}
