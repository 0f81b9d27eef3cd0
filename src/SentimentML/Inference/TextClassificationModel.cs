using System.Text.Json.Nodes;
using SentimentML.Evaluation;
using SentimentML.Encoders;
using static TorchSharp.torch;

namespace SentimentML.Inference;

/// <summary>A fine-tuned network with all that belongs to it: what a model folder and an ML.NET zip hold.</summary>
internal sealed class TextClassificationModel : IDisposable
{
    /// <param name="network">In evaluation mode, on <paramref name="device"/>; owned by the model from here on.</param>
    /// <param name="tokenizer">The backbone's.</param>
    /// <param name="maxTokens">What a text is cut to, special tokens included.</param>
    /// <param name="card">What only this library knows of the model: how it was made (sentimentml.json).</param>
    /// <param name="device">Where the network is.</param>
    public TextClassificationModel(SequenceClassifier network, PretrainedTokenizer tokenizer, int maxTokens, JsonObject card, Device device)
    {
        Network = network;
        Card = card;
        Scorer = new TextScorer(new DeferredEngine(() => EncoderEngine.Of(network, InferencePrecision.Float32, device)), tokenizer, network.Config.Labels, maxTokens)
        {
            Temperature = SavedTemperature.ToUse(card, calibrated: null, "The model"),
        };
        Device = device;
    }

    public SequenceClassifier Network { get; }

    public JsonObject Card { get; }

    public Device Device { get; }

    /// <summary>Answers for the network.</summary>
    public TextScorer Scorer { get; }

    public EncoderConfig Config => Network.Config;

    public void Dispose()
    {
        Scorer.Dispose();
        Network.Dispose();
    }
}
