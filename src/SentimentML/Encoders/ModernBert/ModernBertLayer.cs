using SentimentML.Backbones.Checkpoints;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>Norm, attention and residual, then norm, gated feed-forward network (Shazeer, 2020, arXiv:2002.05202) and residual.</summary>
internal sealed class ModernBertLayer : EncoderLayer
{
    private readonly Linear _queryKeyValue;
    private readonly Attention _attention;
    private readonly Activation _activation;
    private readonly Dropout _attentionDropout, _innerDropout;

    /// <param name="config">The sizes.</param>
    /// <param name="number">The layer's number, from 0: the first one's input is normalized already.</param>
    public ModernBertLayer(EncoderConfig config, int number)
        : base(nameof(ModernBertLayer))
    {
        CheckpointNames names = config.Architecture.Names;
        int hidden = config.HiddenSize;
        LayerNorm? attentionNorm = number == 0 ? null : this.Add(names.AttentionNorm, new LayerNorm(hidden, config.LayerNormEpsilon, config.HasNormBias));
        _queryKeyValue = this.Add(names.Query, new Linear(hidden, 3 * hidden, config.HasAttentionBias));
        _attention = this.Add("attend", new Attention(config.Heads, config.AttentionDropout, config.Attentions[number]));
        Linear attentionOutput = this.Add(names.AttentionOutput, new Linear(hidden, hidden, config.HasAttentionBias));
        _attentionDropout = this.Add("attention_dropout", new Dropout(config.AttentionDropout));
        LayerNorm outputNorm = this.Add(names.OutputNorm, new LayerNorm(hidden, config.LayerNormEpsilon, config.HasNormBias));
        Linear intermediate = this.Add(names.Intermediate, new Linear(hidden, 2 * config.IntermediateSize, config.HasFeedForwardBias));
        _innerDropout = this.Add("inner_dropout", new Dropout(config.FeedForwardDropout));
        Linear output = this.Add(names.Output, new Linear(config.IntermediateSize, hidden, config.HasFeedForwardBias));
        _activation = config.Activation;
        Parts = new LayerParts([_queryKeyValue], attentionOutput, attentionNorm, intermediate, output, outputNorm);
        Matrices =
        [
            new(names.Query, _queryKeyValue, IsQueryOrValue: true), new(names.AttentionOutput, attentionOutput),
            new(names.Intermediate, intermediate), new(names.Output, output),
        ];
    }

    public override LayerParts Parts { get; }

    public override IReadOnlyList<LayerMatrix> Matrices { get; }

    /// <param name="hidden">[batch, length, hidden], or [tokens, hidden]</param>
    /// <param name="batch">Which of them belong together.</param>
    public override Tensor forward(Tensor hidden, TokenBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Parts.AttentionNorm is { } norm ? norm.forward(hidden) : hidden;
        Tensor[] qkv = _queryKeyValue.forward(x).chunk(3, -1); // [batch, length, hidden] each
        Tensor context = _attention.forward(qkv[0], qkv[1], qkv[2], batch).to(hidden.dtype);
        Tensor attended = hidden.Plus(_attentionDropout.forward(Parts.AttentionOutput.forward(context)));
        Tensor[] inner = Parts.Intermediate.forward(Parts.OutputNorm.forward(attended)).chunk(2, -1); // [batch, length, intermediate] each
        Tensor gated = _innerDropout.forward(_activation.Apply(inner[0]) * inner[1]);
        return attended.Plus(Parts.Output.forward(gated)).MoveToOuterDisposeScope();
    }
}
