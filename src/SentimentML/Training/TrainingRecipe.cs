using System.Text.Json.Serialization;

namespace SentimentML;

/// <summary>How a model is trained, every choice made: with the data and the backbone, all that the outcome depends on.</summary>
public sealed record TrainingRecipe
{
    /// <summary>Which weights the training starts from: Backbone or SentimentModel.</summary>
    public TrainingStart StartFrom { get; init; }

    /// <summary>The training rows that have a label.</summary>
    public int Rows { get; init; }

    /// <summary>How often every row is seen.</summary>
    public required int Epochs { get; init; }

    /// <summary>Rows in a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The highest learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>AdamW's weight decay, not applied to biases and LayerNorm.</summary>
    public required double WeightDecay { get; init; }

    /// <summary>Steps in which the learning rate rises from 0.</summary>
    public required int WarmupSteps { get; init; }

    /// <summary>Batches whose gradients are averaged into one step.</summary>
    public required int GradientAccumulation { get; init; }

    /// <summary>The norm that gradients are clipped to; infinity for no clipping.</summary>
    public required double MaxGradientNorm { get; init; }

    /// <summary>The share of probability spread evenly over all labels in the loss.</summary>
    public required double LabelSmoothing { get; init; }

    /// <summary>The tokens that a text is cut to, special ones included.</summary>
    public int MaxTokens { get; init; }

    /// <summary>Whether the rows are put in a new order in each epoch.</summary>
    public required bool Shuffle { get; init; }

    /// <summary>The seed of all random choices.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether a batch is made of rows of like length; without <see cref="Shuffle"/> the order as given comes first.</summary>
    public bool GroupByLength { get; init; }

    /// <summary>What type of number the encoder computes in: Float32 or BFloat16.</summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>Per-label loss weights; null if every row counts as much.</summary>
    public IReadOnlyDictionary<string, double>? ClassWeights { get; init; }

    /// <summary>Steps between evaluations; null for one after each epoch.</summary>
    public int? EvaluationSteps { get; init; }

    /// <summary>Which figure of the validation set says which weights are kept.</summary>
    public BestModelMetric BestModelBy { get; init; }

    /// <summary>Evaluations in a row without a better one after which the run ends; null for never.</summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>How many first layers stay as they are, with the embeddings; null if everything is trained.</summary>
    public int? FrozenLayers { get; init; }

    /// <summary>A layer's learning rate over that of the layer above it.</summary>
    public double LayerLearningRateDecay { get; init; } = 1;

    /// <summary>The share of hidden numbers that are dropped; null for what config.json says.</summary>
    public double? HiddenDropout { get; init; }

    /// <summary>The decay of the weights' moving average over the steps; null for no average.</summary>
    public double? WeightAverageDecay { get; init; }

    /// <summary>The rank of LoRA's matrices; null for no LoRA.</summary>
    public int? LoraRank { get; init; }

    /// <summary>What LoRA's product is scaled by, over the rank; null for no LoRA.</summary>
    public double? LoraAlpha { get; init; }

    /// <summary>Which matrices LoRA adapts.</summary>
    public LoraTargets LoraTargets { get; init; }

    /// <summary>The encoder in bfloat16.</summary>
    [JsonIgnore]
    internal bool BFloat16 => Precision == TrainingPrecision.BFloat16;

    /// <summary>Optimizer steps of one epoch: the last one may be of fewer rows.</summary>
    internal int StepsPerEpoch(int rows)
    {
        long batches = ((long)rows + BatchSize - 1) / BatchSize;
        return (int)((batches + GradientAccumulation - 1) / GradientAccumulation);
    }

    /// <summary>Whether the validation set is scored after this many steps.</summary>
    internal bool EvaluatesAfter(int steps, int stepsPerEpoch) => EvaluationSteps is { } every
        ? steps % every == 0 || steps == stepsPerEpoch * Epochs
        : steps % stepsPerEpoch == 0;

    /// <summary>Evaluations after this many steps until the end.</summary>
    internal int EvaluationsBetween(int steps, int stepsPerEpoch)
    {
        int every = EvaluationSteps ?? stepsPerEpoch, all = stepsPerEpoch * Epochs;
        return (int)(((long)all + every - 1) / every) - steps / every;
    }
}
