using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using SentimentML.Roberta;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Inference;

/// <summary>A fine-tuned network with all that is needed to ask it: what a model folder and an ML.NET zip hold.</summary>
internal sealed class TextClassificationModel : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Device _device;

    /// <param name="network">In evaluation mode, on <paramref name="device"/>; owned by the model from here on.</param>
    /// <param name="tokenizer">The backbone's.</param>
    /// <param name="maxTokens">What a text is cut to, special tokens included.</param>
    /// <param name="card">What only this library knows of the model: how it was made (sentimentml.json).</param>
    /// <param name="device">Where the network is.</param>
    public TextClassificationModel(RobertaForSequenceClassification network, RobertaTokenizer tokenizer, int maxTokens, JsonObject card, Device device)
    {
        Network = network;
        Tokenizer = tokenizer;
        MaxTokens = maxTokens;
        Card = card;
        _device = device;
    }

    public RobertaForSequenceClassification Network { get; }

    public RobertaTokenizer Tokenizer { get; }

    public int MaxTokens { get; }

    public JsonObject Card { get; }

    public RobertaConfig Config => Network.Config;

    public IReadOnlyList<string> Labels => Config.Labels;

    /// <summary>The text's ids, special ones included.</summary>
    public int[] Tokenize(TextInput input) => Tokenizer.EncodeToIds(input.Text, input.Pair, MaxTokens);

    /// <summary>The rows' logits, one row after the other: [rows × labels]. Safe from several threads: one batch at a time has all cores.</summary>
    public float[] Logits(IReadOnlyList<ReadOnlyMemory<int>> rows)
    {
        lock (_gate)
        {
            using var _ = inference_mode();
            using DisposeScope scope = NewDisposeScope();
            using TokenBatch batch = TokenBatch.From(rows, Config.PadTokenId, _device);
            return Network.forward(batch).cpu().data<float>().ToArray();
        }
    }

    /// <summary>Softmax, in double precision inside.</summary>
    public static float[] Probabilities(ReadOnlySpan<float> logits)
    {
        Span<double> exact = logits.Length <= 64 ? stackalloc double[logits.Length] : new double[logits.Length];
        TensorPrimitives.ConvertChecked(logits, exact);
        TensorPrimitives.Subtract(exact, TensorPrimitives.Max(exact), exact);
        TensorPrimitives.SoftMax(exact, exact);
        float[] probabilities = new float[logits.Length];
        TensorPrimitives.ConvertSaturating(exact, probabilities);
        return probabilities;
    }

    public void Dispose() => Network.Dispose();
}
