using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Encoders;

/// <summary>
/// One kind of encoder: what config.json calls its sizes, what its checkpoints call its parts, and what its layers are. All that
/// follows (training, engines, export, explanation) takes the network's parts and knows no architecture.
/// </summary>
internal abstract class Architecture
{
    /// <summary>The values of config.json's model_type that it answers to.</summary>
    public abstract IReadOnlyList<string> ModelTypes { get; }

    /// <summary>The name of transformers' class of a network with a classification head.</summary>
    public abstract string ClassifierName { get; }

    public abstract CheckpointNames Names { get; }

    /// <exception cref="FormatException">A key has a value that is not supported.</exception>
    public abstract EncoderConfig Read(ConfigReader json);

    /// <param name="config">The sizes.</param>
    /// <param name="number">The layer's number, from 0.</param>
    public virtual EncoderLayer CreateLayer(EncoderConfig config, int number) => new PostNormLayer(config);
}
