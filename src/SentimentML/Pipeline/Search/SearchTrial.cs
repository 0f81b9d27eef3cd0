namespace SentimentML;

/// <summary>One training of a <see cref="HyperparameterSearch"/>.</summary>
public sealed record SearchTrial
{
    /// <summary>The round, counted from 1; each has fewer trials on more rows than the one before.</summary>
    public required int Round { get; init; }

    /// <summary>Training rows used.</summary>
    public required int Rows { get; init; }

    /// <summary>The highest learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>How often every row was seen.</summary>
    public required int Epochs { get; init; }

    /// <summary>Rows in a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The rank of the recommended LoRA on all matrices that the trial trained; null if the options decided what was trained.</summary>
    public int? LoraRank { get; init; }

    /// <summary>The dropout recommended with that LoRA; null if none is recommended or the options set it.</summary>
    public double? HiddenDropout { get; init; }

    /// <summary>The kept weights' accuracy on the validation set; 0 if the training diverged.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Their macro-F1; 0 if the training diverged.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Their mean -ln of the right label's probability; infinity if the training diverged.</summary>
    public required double Loss { get; init; }

    /// <summary>The seconds that the training took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Copies the trial's settings, so that training with the options repeats the trial.</summary>
    /// <param name="options">The options of the search, or a training's own.</param>
    public void ApplyTo(SentimentClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.LearningRate = LearningRate;
        options.Epochs = Epochs;
        options.BatchSize = BatchSize;
        options.HiddenDropout = HiddenDropout ?? options.HiddenDropout;
        if (LoraRank is null)
            return;
        options.LoraRank = LoraRank;
        options.LoraTargets = LoraTargets.AllMatrices;
    }
}
