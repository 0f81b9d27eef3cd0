namespace SentimentML;

/// <summary>How a <see cref="TextEmbedder"/> makes vectors.</summary>
public sealed class TextEmbedderOptions
{
    /// <summary>Where to compute. The default value is <see cref="TorchDevice.Auto"/>.</summary>
    public TorchDevice Device
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = TorchDevice.Auto;

    /// <summary>
    /// How the vectors of a text's tokens become one. The default value is <see cref="TextPooling.Mean"/>; where it is not set, what a folder of
    /// sentence-transformers says counts.
    /// </summary>
    public TextPooling Pooling
    {
        get => StatedPooling ?? TextPooling.Mean;
        set => StatedPooling = Enum.IsDefined(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected one of the enumeration's values.");
    }

    /// <summary>What was set; null if nothing was.</summary>
    internal TextPooling? StatedPooling { get; private set; }

    /// <summary>
    /// Whether each vector is divided by its length, so that the scalar product of two vectors is their cosine similarity. The
    /// default value is false: vectors as the network gives them; where it is not set, what a folder of sentence-transformers says counts.
    /// </summary>
    public bool Normalize
    {
        get => StatedNormalize ?? false;
        set => StatedNormalize = value;
    }

    /// <summary>What was set; null if nothing was.</summary>
    internal bool? StatedNormalize { get; private set; }

    /// <summary>
    /// Written in front of each text. The E5 models, for example, are trained with "query: " and "passage: "
    /// (Wang et al., 2022, arXiv:2212.03533). If a program needs both, leave this empty and write them in front of the texts. The
    /// default value is the empty text; where it is not set, the default prompt that a folder of sentence-transformers names counts.
    /// </summary>
    public string Prefix
    {
        get => StatedPrefix ?? "";
        set => StatedPrefix = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>What was set; null if nothing was.</summary>
    internal string? StatedPrefix { get; private set; }

    /// <summary>
    /// The tokens that a text is cut to, prefix and special ones included, 3 or more. The default value is null: what a folder of
    /// sentence-transformers says (max_seq_length), else all that the network takes. More than the network takes is the same.
    /// </summary>
    public int? MaxTokens
    {
        get;
        set => field = value is null or >= 3 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected 3 or more, or null.");
    }
}
