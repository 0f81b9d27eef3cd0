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

    /// <summary>The rank of the LoRA on all matrices that the backbone recommends and the trial trained; null if it trained what the options say.</summary>
    public int? LoraRank { get; init; }

    /// <summary>The dropout that the backbone recommends with it; null if it recommends none, or if the options say it.</summary>
    public double? HiddenDropout { get; init; }

    /// <summary>The kept weights' accuracy on the validation set; 0 if the training diverged.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Their macro-F1; 0 if the training diverged.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Their mean -ln of the right label's probability; infinity if the training diverged.</summary>
    public required double Loss { get; init; }

    /// <summary>The seconds that the training took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Sets what the trial was trained with, so that a training with the options is the trial's.</summary>
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
