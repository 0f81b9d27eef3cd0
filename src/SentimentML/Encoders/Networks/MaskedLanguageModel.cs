using SentimentML.Backbones.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SentimentML.Encoders;

/// <summary>The network that is pretrained: scores of every word of the vocabulary at each token. The output matrix is the word embeddings'.</summary>
internal sealed class MaskedLanguageModel : Module<TokenBatch, Tensor>
{
    private readonly Linear _dense;
    private readonly LayerNorm _norm;
    private readonly Parameter _bias;
    private readonly Activation _activation;

    public MaskedLanguageModel(EncoderConfig config)
        : base(nameof(MaskedLanguageModel))
    {
        CheckpointNames names = config.Architecture.Names;
        Encoder = this.Add(names.Encoder, new Encoder(config));
        _dense = this.Add(names.PredictionDense, new Linear(config.HiddenSize, config.HiddenSize, config.HasHeadBias));
        _norm = this.Add(names.PredictionNorm, new LayerNorm(config.HiddenSize, config.LayerNormEpsilon, config.HasNormBias));
        _bias = this.Add(names.Predictions + ".bias", new Parameter(empty(config.VocabularySize)));
        _activation = config.PredictionActivation;
    }

    public Encoder Encoder { get; }

    /// <returns>[batch, length, vocabulary]</returns>
    public override Tensor forward(TokenBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = _norm.forward(_activation.Apply(_dense.forward(Encoder.forward(batch)))); // [batch, length, hidden]
        return functional.linear(x, Encoder.Embeddings.Words.Weight, _bias).MoveToOuterDisposeScope();
    }

    protected override void RegisterComponents()
    {
    }
}
