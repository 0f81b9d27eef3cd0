using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SentimentML.Encoders;

/// <summary>Scores of every word of the vocabulary; the output matrix is the word embeddings'.</summary>
internal sealed class RobertaLMHead : Module<Tensor, Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly LayerNorm layer_norm;
    private readonly Parameter bias;

    public RobertaLMHead(EncoderConfig config)
        : base(nameof(RobertaLMHead))
    {
        dense = new Linear(config.HiddenSize, config.HiddenSize);
        layer_norm = new LayerNorm(config.HiddenSize, config.LayerNormEpsilon);
        bias = new Parameter(empty(config.VocabularySize));
        RegisterComponents();
    }

    /// <param name="hidden">[…, hidden]</param>
    /// <param name="words">[vocabulary, hidden]</param>
    /// <returns>[…, vocabulary]</returns>
    public override Tensor forward(Tensor hidden, Tensor words)
    {
        Tensor x = layer_norm.forward(functional.gelu(dense.forward(hidden)));
        return functional.linear(x, words, bias);
    }
}

/// <summary>The network that is pretrained: what stands behind each mask.</summary>
internal sealed class MaskedLanguageModel : Module<TokenBatch, Tensor>
{
    private readonly RobertaModel roberta;
    private readonly RobertaLMHead lm_head;

    public MaskedLanguageModel(EncoderConfig config)
        : base(nameof(MaskedLanguageModel))
    {
        roberta = new RobertaModel(config);
        lm_head = new RobertaLMHead(config);
        RegisterComponents();
    }

    public RobertaModel Roberta => roberta;

    /// <returns>[batch, length, vocabulary]</returns>
    public override Tensor forward(TokenBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        return lm_head.forward(roberta.forward(batch), roberta.Embeddings.Words.Weight).MoveToOuterDisposeScope();
    }
}
