using SentimentML.Backbones;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Encoders;
using SentimentML.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML;

/// <summary>
/// Texts to vectors by a backbone as it is, without fine-tuning: features for other learners, or for comparing texts. Safe to
/// use from many threads at once; dispose it at the end.
/// </summary>
public sealed class TextEmbedder : IDisposable
{
    private const int BatchRows = 64;

    private readonly SequenceClassifier _network;
    private readonly PretrainedTokenizer _tokenizer;
    private readonly int _maxTokens;
    private readonly IDisposable? _owned;

    private TextEmbedder(SequenceClassifier network, PretrainedTokenizer tokenizer, int maxTokens, IDisposable? owned)
    {
        _network = network;
        _tokenizer = tokenizer;
        _maxTokens = maxTokens;
        _owned = owned;
    }

    /// <summary>The numbers in a vector.</summary>
    public int Dimensions => _network.Config.HiddenSize;

    /// <summary>Loads a backbone. The folder of a fine-tuned model is one too: its head is not used.</summary>
    /// <param name="backbone">The backbone; downloaded first where it has to be.</param>
    /// <param name="device">Where to compute. The default value is <see cref="TorchDevice.Auto"/>.</param>
    /// <exception cref="SentimentMLException">The backbone or the device cannot be used.</exception>
    public static TextEmbedder Load(Backbone backbone, TorchDevice? device = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        Device on = (device ?? TorchDevice.Auto).Resolve();
        ModelFiles files = backbone.Open(report: null, CancellationToken.None);
        Pretrained loaded = Pretrained.ForLabels(files, EncoderConfig.Read(files).Labels, seed: 0, on);
        loaded.Network.eval();
        return new TextEmbedder(loaded.Network, loaded.Tokenizer, Math.Min(loaded.Network.Config.MaxTokens, loaded.Tokenizer.MaxTokens), loaded.Network);
    }

    /// <summary>The texts' vectors, in the texts' order: the last layer's, pooled. A text that is too long is cut.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="pooling">How the tokens' vectors become one. The default value is <see cref="TextPooling.Mean"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A vector of <see cref="Dimensions"/> numbers for each text.</returns>
    /// <exception cref="ArgumentException">A text is null.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public float[][] Embed(IEnumerable<string> texts, TextPooling pooling = TextPooling.Mean, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (!Enum.IsDefined(pooling))
            throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "Not a pooling.");
        int[][] rows = _tokenizer.EncodeBatch([.. texts], maxTokens: _maxTokens, cancellationToken: cancellationToken);
        float[][] vectors = new float[rows.Length][];
        foreach (int[] batch in BatchPlan.ByLength([.. rows.Select(row => row.Length)], BatchPlan.MaxTokens, BatchRows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[] pooled = Pooled([.. batch.Select(row => (TokenRow)rows[row])], pooling);
            for (int i = 0; i < batch.Length; i++)
                vectors[batch[i]] = pooled[(i * Dimensions)..((i + 1) * Dimensions)];
        }
        return vectors;
    }

    /// <summary>Gives the network's memory back.</summary>
    public void Dispose() => _owned?.Dispose();

    /// <returns>[rows × dimensions]</returns>
    private float[] Pooled(IReadOnlyList<TokenRow> rows, TextPooling pooling)
    {
        using IDisposable _ = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = TokenBatch.Padded(rows, _network.Config, _network.Encoder.Embeddings.Words.Weight.device);
        Tensor hidden = _network.Encoder.forward(batch).to(ScalarType.Float32); // [rows, length, hidden]
        Tensor vectors = batch.Pool(hidden, pooling); // [rows, hidden]
        return vectors.contiguous().cpu().data<float>().ToArray();
    }
}
