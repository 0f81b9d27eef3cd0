using SentimentML.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SentimentML.Encoders;

// RoBERTa (Liu et al., 2019, arXiv:1907.11692), which is BERT's encoder (Devlin et al., 2018, arXiv:1810.04805) with
// positions counted from the padding id. Follows transformers' models/roberta/modeling_roberta.py; every parameter has
// the name that it has there. Parts stand in the order in which the data passes them.

/// <summary>Words, positions and token types, added and normalized.</summary>
internal sealed class RobertaEmbeddings : Module<TokenBatch, Tensor>
{
    private readonly Embedding word_embeddings;
    private readonly Embedding position_embeddings;
    private readonly Embedding token_type_embeddings;
    private readonly LayerNorm LayerNorm;
    private readonly Dropout dropout;

    public RobertaEmbeddings(EncoderConfig config)
        : base(nameof(RobertaEmbeddings))
    {
        word_embeddings = new Embedding(config.VocabularySize, config.HiddenSize, config.PadTokenId);
        position_embeddings = new Embedding(config.MaxPositions, config.HiddenSize, config.PadTokenId);
        token_type_embeddings = new Embedding(config.TokenTypes, config.HiddenSize);
        LayerNorm = new LayerNorm(config.HiddenSize, config.LayerNormEpsilon);
        dropout = new Dropout(config.HiddenDropout);
        RegisterComponents();
    }

    public Embedding Words => word_embeddings;

    /// <returns>[batch, length, hidden]; [tokens, hidden] where the batch is packed</returns>
    public override Tensor forward(TokenBatch batch) => FromWords(word_embeddings.forward(batch.Ids), batch);

    /// <summary>The same from word vectors that the caller made: [batch, length, hidden].</summary>
    public Tensor FromWords(Tensor words, TokenBatch batch)
    {
        // Every token is of type 0, the only type that RoBERTa has.
        Tensor sum = words.Plus(token_type_embeddings.Weight[0]).Plus(position_embeddings.forward(batch.Positions));
        return dropout.forward(LayerNorm.forward(sum));
    }
}

/// <summary>Multi-head self-attention (Vaswani et al., 2017).</summary>
internal sealed class RobertaSelfAttention : Module<Tensor, TokenBatch, Tensor>
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly Dropout dropout;
    private readonly int heads;

    public RobertaSelfAttention(EncoderConfig config)
        : base(nameof(RobertaSelfAttention))
    {
        heads = config.Heads;
        query = new Linear(config.HiddenSize, config.HiddenSize);
        key = new Linear(config.HiddenSize, config.HiddenSize);
        value = new Linear(config.HiddenSize, config.HiddenSize);
        dropout = new Dropout(config.AttentionDropout);
        RegisterComponents();
    }

    public Linear Query => query;

    public Linear Value => value;

    /// <param name="hidden">[batch, length, hidden], or [tokens, hidden]</param>
    /// <param name="batch">Which of them belong together.</param>
    public override Tensor forward(Tensor hidden, TokenBatch batch)
    {
        // On a CPU the many small products of attention, and their backward passes most of all, are quicker in float32.
        ScalarType type = hidden.device_type == DeviceType.CPU ? ScalarType.Float32 : hidden.dtype;
        Tensor q = query.forward(hidden).to(type), k = key.forward(hidden).to(type), v = value.forward(hidden).to(type);
        if (batch.Groups is not { } groups)
            return Context(q, k, v, hidden.shape[0], hidden.shape[1], batch.Mask).to(hidden.dtype);
        long[] sizes = [.. groups.Select(group => group.Rows * group.Length)];
        Tensor[] qs = q.split(sizes), ks = k.split(sizes), vs = v.split(sizes);
        return cat([.. groups.Select((group, i) => Context(qs[i], ks[i], vs[i], group.Rows, group.Length, null).view(sizes[i], -1))]).to(hidden.dtype);
    }

    /// <returns>[rows, length, hidden]</returns>
    private Tensor Context(Tensor query, Tensor key, Tensor value, long rows, long length, Tensor? mask)
    {
        Tensor Split(Tensor x) => x.view(rows, length, heads, -1).transpose(1, 2); // [rows, heads, length, head size]
        (Tensor q, Tensor k, Tensor v) = (Split(query), Split(key), Split(value));
        Tensor context = dropout.Drops ? Attend(q, k, v, mask) : functional.scaled_dot_product_attention(q, k, v, mask);
        return context.transpose(1, 2).reshape(rows, length, -1);
    }

    /// <summary>Written out, because the fused kernel takes its dropout from the global random numbers.</summary>
    private Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor? mask)
    {
        Tensor scores = q.matmul(k.transpose(-2, -1)).Over(Math.Sqrt(q.shape[^1])); // [batch, heads, length, length]
        if (mask is not null)
            scores = scores.Filled(mask.logical_not(), double.NegativeInfinity);
        return dropout.forward(functional.softmax(scores, -1)).matmul(v);
    }
}

/// <summary>A matrix, a residual and a norm: what closes the attention and the layer.</summary>
internal sealed class RobertaOutput : Module<Tensor, Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly LayerNorm LayerNorm;
    private readonly Dropout dropout;

    public RobertaOutput(EncoderConfig config, int inputs)
        : base(nameof(RobertaOutput))
    {
        dense = new Linear(inputs, config.HiddenSize);
        LayerNorm = new LayerNorm(config.HiddenSize, config.LayerNormEpsilon);
        dropout = new Dropout(config.HiddenDropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor residual) => LayerNorm.forward(dropout.forward(dense.forward(x)).Plus(residual));
}

/// <summary>Self-attention and its output.</summary>
internal sealed class RobertaAttention : Module<Tensor, TokenBatch, Tensor>
{
    private readonly RobertaSelfAttention self;
    private readonly RobertaOutput output;

    public RobertaAttention(EncoderConfig config)
        : base(nameof(RobertaAttention))
    {
        self = new RobertaSelfAttention(config);
        output = new RobertaOutput(config, config.HiddenSize);
        RegisterComponents();
    }

    public RobertaSelfAttention Self => self;

    public override Tensor forward(Tensor hidden, TokenBatch batch) => output.forward(self.forward(hidden, batch), hidden);
}

/// <summary>The first matrix of the feed-forward network, and its activation.</summary>
internal sealed class RobertaIntermediate : Module<Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly Activation activation;

    public RobertaIntermediate(EncoderConfig config)
        : base(nameof(RobertaIntermediate))
    {
        dense = new Linear(config.HiddenSize, config.IntermediateSize);
        activation = config.Activation;
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden) => activation.Apply(dense.forward(hidden));
}

/// <summary>One layer of the encoder.</summary>
internal sealed class RobertaLayer : Module<Tensor, TokenBatch, Tensor>
{
    private readonly RobertaAttention attention;
    private readonly RobertaIntermediate intermediate;
    private readonly RobertaOutput output;

    public RobertaLayer(EncoderConfig config)
        : base(nameof(RobertaLayer))
    {
        attention = new RobertaAttention(config);
        intermediate = new RobertaIntermediate(config);
        output = new RobertaOutput(config, config.IntermediateSize);
        RegisterComponents();
    }

    public RobertaAttention Attention => attention;

    /// <inheritdoc cref="RobertaSelfAttention.forward"/>
    public override Tensor forward(Tensor hidden, TokenBatch batch)
    {
        // What backpropagation needs it keeps itself; the rest is given back layer by layer.
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = attention.forward(hidden, batch);
        return output.forward(intermediate.forward(attended), attended).MoveToOuterDisposeScope();
    }
}

/// <summary>The layers, one after the other.</summary>
internal sealed class RobertaEncoder : Module<Tensor, TokenBatch, Tensor>
{
    private readonly ModuleList<RobertaLayer> layer;

    public RobertaEncoder(EncoderConfig config)
        : base(nameof(RobertaEncoder))
    {
        layer = ModuleList(Enumerable.Range(0, config.Layers).Select(_ => new RobertaLayer(config)).ToArray());
        RegisterComponents();
    }

    public IReadOnlyList<RobertaLayer> Layers => [.. layer];

    public override Tensor forward(Tensor hidden, TokenBatch batch)
    {
        foreach (RobertaLayer each in layer)
            hidden = each.forward(hidden, batch);
        return hidden;
    }
}

/// <summary>The backbone: tokens in, a vector for each out.</summary>
internal sealed class RobertaModel : Module<TokenBatch, Tensor>
{
    private readonly RobertaEmbeddings embeddings;
    private readonly RobertaEncoder encoder;

    public RobertaModel(EncoderConfig config)
        : base(nameof(RobertaModel))
    {
        embeddings = new RobertaEmbeddings(config);
        encoder = new RobertaEncoder(config);
        RegisterComponents();
    }

    public RobertaEmbeddings Embeddings => embeddings;

    public RobertaEncoder Encoder => encoder;

    /// <returns>[batch, length, hidden]; [tokens, hidden] where the batch is packed</returns>
    public override Tensor forward(TokenBatch batch) => encoder.forward(embeddings.forward(batch), batch);
}
