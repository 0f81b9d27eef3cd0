using SentimentML.Backbones.Checkpoints;
using SentimentML.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SentimentML.Encoders;

// BERT's encoder (Devlin et al., 2018, arXiv:1810.04805), which RoBERTa, XLM-RoBERTa, CamemBERT and DistilBERT share. Follows
// transformers' models/bert/modeling_bert.py; every part is registered under the name that the architecture's checkpoints
// give it. Parts stand in the order in which the data passes them.

/// <summary>Words, token types and positions, added and normalized.</summary>
internal sealed class Embeddings : Module<TokenBatch, Tensor>
{
    private readonly Dropout _dropout;

    public Embeddings(EncoderConfig config)
        : base(nameof(Embeddings))
    {
        CheckpointNames names = config.Architecture.Names;
        int? padding = config.CountsFromPadding ? config.PadTokenId : null;
        Words = this.Add(names.Words, new Embedding(config.VocabularySize, config.HiddenSize, config.PadTokenId));
        Positions = config.MaxPositions is { } positions ? this.Add(names.Positions, new Embedding(positions, config.HiddenSize, padding)) : null;
        TokenTypes = config.TokenTypes > 0 ? this.Add(names.TokenTypes, new Embedding(config.TokenTypes, config.HiddenSize)) : null;
        Norm = this.Add(names.EmbeddingNorm, new LayerNorm(config.HiddenSize, config.LayerNormEpsilon, config.HasNormBias));
        _dropout = this.Add("dropout", new Dropout(config.HiddenDropout));
    }

    public Embedding Words { get; }

    /// <summary>Null if the positions are in the attention (rotary).</summary>
    public Embedding? Positions { get; }

    public Embedding? TokenTypes { get; }

    public LayerNorm Norm { get; }

    /// <returns>[batch, length, hidden]; [tokens, hidden] if the batch is packed</returns>
    public override Tensor forward(TokenBatch batch) => FromWords(Words.forward(batch.Ids), batch);

    /// <summary>The same from word vectors that the caller made: [batch, length, hidden].</summary>
    public Tensor FromWords(Tensor words, TokenBatch batch)
    {
        Tensor sum = words;
        if (TokenTypes is not null)
            sum = sum.Plus(batch.TokenTypes is null ? TokenTypes.Weight[0] : TokenTypes.forward(batch.TokenTypes));
        if (Positions is not null)
            sum = sum.Plus(Positions.forward(batch.Positions));
        return _dropout.forward(Norm.forward(sum));
    }

    protected override void RegisterComponents()
    {
    }
}

/// <summary>One layer of an encoder.</summary>
internal abstract class EncoderLayer(string name) : Module<Tensor, TokenBatch, Tensor>(name)
{
    /// <summary>What it is made of, for those who compute it in their own way.</summary>
    public abstract LayerParts Parts { get; }

    /// <summary>
    /// The matrices, by their names in a checkpoint, relative to the layer; those of queries and values, peft's defaults for LoRA, are marked.
    /// </summary>
    public abstract IReadOnlyList<LayerMatrix> Matrices { get; }

    /// <summary>What gets gradients, LoRA's matrices too.</summary>
    public IEnumerable<Parameter> TrainedParameters() => parameters().Where(parameter => parameter.requires_grad)
        .Concat(Matrices.SelectMany(matrix => matrix.Matrix.Adapter is { } adapter ? (Parameter[])[adapter.A, adapter.B] : []));

    protected override void RegisterComponents()
    {
    }
}

/// <param name="Name">Its name in a checkpoint, relative to the layer.</param>
/// <param name="Matrix">The matrix.</param>
/// <param name="IsQueryOrValue">Whether it makes the attention's queries or values.</param>
internal sealed record LayerMatrix(string Name, Linear Matrix, bool IsQueryOrValue = false);

/// <summary>The parts of an encoder's layer.</summary>
/// <param name="QueryKeyValue">Three matrices, [hidden, hidden] each; or one, [3 hidden, hidden].</param>
/// <param name="AttentionOutput">[hidden, hidden]</param>
/// <param name="AttentionNorm">After the attention in a post-norm layer, before it in a pre-norm one, whose first layer has none.</param>
/// <param name="Intermediate">[intermediate, hidden]</param>
/// <param name="Output">[hidden, intermediate]</param>
/// <param name="OutputNorm">After the feed-forward network in a post-norm layer, before it in a pre-norm one.</param>
internal sealed record LayerParts(
    IReadOnlyList<Linear> QueryKeyValue, Linear AttentionOutput, LayerNorm? AttentionNorm, Linear Intermediate, Linear Output, LayerNorm OutputNorm);

/// <summary>Attention and a feed-forward network, each followed by a residual and a norm.</summary>
internal sealed class PostNormLayer : EncoderLayer
{
    private readonly Linear _query, _key, _value;
    private readonly Attention _attention;
    private readonly Activation _activation;
    private readonly Dropout _dropout;

    /// <param name="config">The sizes.</param>
    public PostNormLayer(EncoderConfig config)
        : base(nameof(PostNormLayer))
    {
        CheckpointNames names = config.Architecture.Names;
        int hidden = config.HiddenSize;
        _query = this.Add(names.Query, new Linear(hidden, hidden));
        _key = this.Add(names.Key, new Linear(hidden, hidden));
        _value = this.Add(names.Value, new Linear(hidden, hidden));
        _attention = this.Add("attend", new Attention(config.Heads, config.AttentionDropout));
        Linear attentionOutput = this.Add(names.AttentionOutput, new Linear(hidden, hidden));
        LayerNorm attentionNorm = this.Add(names.AttentionNorm, new LayerNorm(hidden, config.LayerNormEpsilon));
        Linear intermediate = this.Add(names.Intermediate, new Linear(hidden, config.IntermediateSize));
        Linear output = this.Add(names.Output, new Linear(config.IntermediateSize, hidden));
        LayerNorm outputNorm = this.Add(names.OutputNorm, new LayerNorm(hidden, config.LayerNormEpsilon));
        _activation = config.Activation;
        _dropout = this.Add("dropout", new Dropout(config.HiddenDropout));
        Parts = new LayerParts([_query, _key, _value], attentionOutput, attentionNorm, intermediate, output, outputNorm);
        Matrices =
        [
            new(names.Query, _query, IsQueryOrValue: true), new(names.Key, _key), new(names.Value, _value, IsQueryOrValue: true),
            new(names.AttentionOutput, attentionOutput), new(names.Intermediate, intermediate), new(names.Output, output),
        ];
    }

    public override LayerParts Parts { get; }

    public override IReadOnlyList<LayerMatrix> Matrices { get; }

    /// <param name="hidden">[batch, length, hidden], or [tokens, hidden]</param>
    /// <param name="batch">Which of them belong together.</param>
    public override Tensor forward(Tensor hidden, TokenBatch batch)
    {
        // What backpropagation needs it keeps itself; the rest is freed layer by layer.
        using DisposeScope scope = NewDisposeScope();
        Tensor context = _attention.forward(_query.forward(hidden), _key.forward(hidden), _value.forward(hidden), batch).to(hidden.dtype);
        Tensor attended = Parts.AttentionNorm!.forward(_dropout.forward(Parts.AttentionOutput.forward(context)).Plus(hidden));
        Tensor inner = _activation.Apply(Parts.Intermediate.forward(attended)); // [.., intermediate]
        return Parts.OutputNorm.forward(_dropout.forward(Parts.Output.forward(inner)).Plus(attended)).MoveToOuterDisposeScope();
    }
}

/// <summary>The backbone: tokens in, a vector for each out.</summary>
internal sealed class Encoder : Module<TokenBatch, Tensor>
{
    public Encoder(EncoderConfig config)
        : base(nameof(Encoder))
    {
        CheckpointNames names = config.Architecture.Names;
        Embeddings = this.Add(names.Embeddings, new Embeddings(config));
        Layers = [.. Enumerable.Range(0, config.Layers).Select(i => this.Add($"{names.Layers}.{i}", config.Architecture.CreateLayer(config, i)))];
        FinalNorm = names.FinalNorm is { } norm ? this.Add(norm, new LayerNorm(config.HiddenSize, config.LayerNormEpsilon, config.HasNormBias)) : null;
    }

    public Embeddings Embeddings { get; }

    public IReadOnlyList<EncoderLayer> Layers { get; }

    /// <summary>After the last layer of a pre-norm encoder; null in a post-norm one.</summary>
    public LayerNorm? FinalNorm { get; }

    /// <summary>
    /// Set, with what the dropout's numbers come from: of each layer the input alone is kept for the gradients (<see cref="RecomputedLayer"/>). Null:
    /// what is inside it too.
    /// </summary>
    public DropoutSource? RecomputesWith { get; set; }

    /// <returns>[batch, length, hidden]; [tokens, hidden] if the batch is packed</returns>
    public override Tensor forward(TokenBatch batch) => FromEmbeddings(Embeddings.forward(batch), batch);

    /// <summary>The same from embeddings that the caller made: [batch, length, hidden].</summary>
    public Tensor FromEmbeddings(Tensor hidden, TokenBatch batch)
    {
        foreach (EncoderLayer layer in Layers)
            hidden = RecomputesWith is { } dropout ? RecomputedLayer.Forward(layer, hidden, batch, dropout) : layer.forward(hidden, batch);
        return FinalNorm is null ? hidden : FinalNorm.forward(hidden);
    }

    protected override void RegisterComponents()
    {
    }
}
