using SentimentML.Encoders;
using SentimentML.Inference;
using SentimentML.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Benchmarks;

/// <summary>The network as it is trained, module by module in float32: what TorchSharp alone gives, to measure the engines against.</summary>
internal sealed class NetworkEngine(SequenceClassifier network, Device device) : IInferenceEngine
{
    private readonly Lock _gate = new();

    public string Description => $"libtorch, float32, {device}";

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<TokenRow> rows)
    {
        lock (_gate) // one batch at a time has all cores
        {
            using var _ = inference_mode();
            using DisposeScope scope = NewDisposeScope();
            using TokenBatch batch = TokenBatch.Padded(rows, network.Config, device);
            return network.forward(batch).cpu().data<float>().ToArray();
        }
    }

    /// <summary>The network belongs to the model.</summary>
    public void Dispose()
    {
    }
}
