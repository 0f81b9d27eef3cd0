namespace SentimentML.Training;

/// <summary>How to train, every choice made: with the data and the backbone, all that the outcome depends on.</summary>
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

    /// <summary>Batches of rows of like length; without <see cref="Shuffle"/> the order as given comes first.</summary>
    public bool GroupByLength { get; init; }

    /// <summary>The encoder in bfloat16.</summary>
    public bool BFloat16 { get; init; }

    /// <summary>Steps between evaluations; null for one after each epoch.</summary>
    public int? EvaluationSteps { get; init; }

    public BestModelMetric BestModelBy { get; init; }

    /// <summary>Evaluations in a row without a better one after which the run ends; null for never.</summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>Null: everything is trained. Otherwise the embeddings and so many first layers stay as they are.</summary>
    public int? FrozenLayers { get; init; }

    /// <summary>A layer's learning rate over that of the layer above it.</summary>
    public double LayerLearningRateDecay { get; init; } = 1;

    /// <summary>Null: no LoRA.</summary>
    public int? LoraRank { get; init; }

    public double LoraAlpha { get; init; }

    /// <summary>Optimizer steps of one epoch: the last one may be of fewer rows.</summary>
    public int StepsPerEpoch(int rows)
    {
        int batches = (rows + BatchSize - 1) / BatchSize;
        return (batches + GradientAccumulation - 1) / GradientAccumulation;
    }

    /// <summary>Whether the validation set is scored after this many steps.</summary>
    public bool EvaluatesAfter(int steps, int stepsPerEpoch) => EvaluationSteps is { } every
        ? steps % every == 0 || steps == stepsPerEpoch * Epochs
        : steps % stepsPerEpoch == 0;

    /// <summary>Evaluations after this many steps until the end.</summary>
    public int EvaluationsBetween(int steps, int stepsPerEpoch)
    {
        int every = EvaluationSteps ?? stepsPerEpoch, all = stepsPerEpoch * Epochs;
        return (all + every - 1) / every - steps / every;
    }
}
