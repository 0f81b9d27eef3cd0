namespace SentimentML;

/// <summary>How a <see cref="SentimentClassifier"/> computes.</summary>
public sealed class SentimentClassifierOptions
{
    /// <summary>Where to compute. The default value is <see cref="TorchDevice.Auto"/>.</summary>
    public TorchDevice Device
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = TorchDevice.Auto;

    /// <summary>In what numbers. The default value is <see cref="InferencePrecision.Auto"/>.</summary>
    public InferencePrecision Precision
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected one of the enumeration's values.");
    } = InferencePrecision.Auto;

    /// <summary>
    /// Whether probabilities are calibrated: logits are divided by the temperature that the training found on its validation set
    /// and saved with the model. Labels and logits stay as they are. The default value is null: as the model was trained to be
    /// (<see cref="SentimentClassificationOptions.CalibratedScores"/>), which is not calibrated unless that was asked for.
    /// </summary>
    public bool? Calibrated { get; set; }

    /// <summary>
    /// The score, above 0 to 1, below which a prediction says that it is unsure (<see cref="SentimentPrediction.IsUnsure"/>). The
    /// evaluation report shows, for each threshold, how many texts are answered and how often the answers are right. The default
    /// value is null: no prediction is unsure.
    /// </summary>
    public double? UnsureBelow
    {
        get;
        set => field = value is null or (> 0 and <= 1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a score above 0 to 1, or null.");
    }

    /// <summary>
    /// Which sentiment each of the model's labels stands for (<see cref="SentimentPrediction.Sentiment"/>). The default value is null:
    /// what the model's record states, else what the labels' names say in English or Spanish. Labels such as LABEL_0 say nothing.
    /// </summary>
    public SentimentMap? Sentiments { get; set; }

    /// <summary>
    /// How texts are rewritten before they are tokenized, for models of tweets that were trained so. The default value is null: as the
    /// model's record says, and as robertuito's models on the hub need it; other texts are read as they are.
    /// </summary>
    public TweetPreprocessing? Preprocessing { get; set; }

    /// <summary>
    /// Whether calls of many threads for one text are answered together: those that arrive while the processor is busy with
    /// others make the next batch. Answers differ from a lone call's in the last digits (1e-5 in float32), also if calls that are not
    /// gathered are computed at the same time; those to a file or another sequence of texts are always the same. The default value is true.
    /// </summary>
    public bool GatherConcurrentCalls { get; set; } = true;

    /// <summary>
    /// How long a gathered call may wait for company on an idle processor, 0 to 1 second. The default value is 0: a call
    /// waits for the batch before it and never for later calls.
    /// </summary>
    public TimeSpan MaxGatherDelay
    {
        get;
        set => field = value >= TimeSpan.Zero && value <= TimeSpan.FromSeconds(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected 0 to 1 second.");
    }
}
