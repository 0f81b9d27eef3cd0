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
    /// Whether calls of many threads for one text are answered together: those that arrive while the processor is busy with
    /// others make the next batch. Answers differ from a lone call's in the last digits (1e-5 in float32). The default
    /// value is true.
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
