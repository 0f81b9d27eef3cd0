using SentimentML.Encoders;
using SentimentML.Inference;
using static TorchSharp.torch;

namespace SentimentML.Persistence;

/// <summary>A fine-tuned model in memory: it answers, and it can be saved.</summary>
internal sealed class TextClassificationModel : IDisposable
{
    private readonly DeferredEngine _engine;
    private readonly ModelWeights _weights;

    /// <param name="parts">All but the weights.</param>
    /// <param name="network">The weights, in evaluation mode; owned by the model from here on.</param>
    /// <param name="device">Where the network is.</param>
    public TextClassificationModel(ModelParts parts, SequenceClassifier network, Device device)
    {
        Parts = parts;
        _weights = new ModelWeights(network, device);
        _engine = new DeferredEngine(() => new GatheringEngine(
            _weights.ToEngine(parts.PrecisionOn(InferencePrecision.Auto, device), parts.CalibrationIds), TimeSpan.Zero,
            owner: nameof(SentimentClassificationTransformer)));
        Scorer = new TextScorer(_engine, parts.Tokenizer, parts.Rule(calibrated: null, "The model"), parts.MaxTokens)
        {
            Preprocessing = parts.Record.Preprocessing is { } tweets ? new TweetPreprocessing(tweets) : null,
        };
    }

    /// <summary>All but the weights.</summary>
    public ModelParts Parts { get; }

    public ModelRecord Record => Parts.Record;

    /// <summary>Answers for the network; the engine is built at the first question and takes the weights over.</summary>
    public TextScorer Scorer { get; }

    /// <summary>The size of the model's files.</summary>
    public long Bytes => _weights.Bytes + Parts.SmallFiles().Sum(file => (long)file.Content.Length);

    /// <summary>Writes the weights as safetensors, streamed from where they are.</summary>
    public void WriteWeights(Stream destination, WeightType type = WeightType.Float32)
    {
        RequireAlive();
        _weights.WriteTo(destination, type);
    }

    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void RequireAlive() => _engine.RequireAlive();

    public void Dispose()
    {
        Scorer.Dispose();
        _weights.Dispose();
    }
}
