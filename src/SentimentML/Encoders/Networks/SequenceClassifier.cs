using SentimentML.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SentimentML.Encoders;

/// <summary>The network that is fine-tuned: logits of each label for each text (transformers' …ForSequenceClassification).</summary>
internal sealed class SequenceClassifier : Module<TokenBatch, Tensor>
{
    private readonly MemoryPressure _memory;

    public SequenceClassifier(EncoderConfig config)
        : base(nameof(SequenceClassifier))
    {
        Config = config;
        Encoder = this.Add(config.Architecture.Names.Encoder, new Encoder(config));
        Head = new ClassificationHead(this, config);
        _memory = new MemoryPressure(parameters().Sum(parameter => parameter.numel() * sizeof(float)));
    }

    public EncoderConfig Config { get; }

    public Encoder Encoder { get; }

    public ClassificationHead Head { get; }

    /// <summary>
    /// Null: everything in float32. bfloat16: the encoder's matrices, attention and what lies between them in bfloat16;
    /// embeddings, the norms' statistics and the head, which are small and decide the rest, stay in float32.
    /// </summary>
    public ScalarType? ComputeType
    {
        set
        {
            foreach (IMixedPrecision part in Encoder.modules().Except(Head.Parts).OfType<IMixedPrecision>())
                part.ComputeType = value;
        }
    }

    /// <summary>
    /// Every parameter with its name in checkpoints and its depth: 0 in the embeddings, the layer's number from 1, and one more in what
    /// follows the layers.
    /// </summary>
    public IEnumerable<PlacedParameter> PlacedParameters()
    {
        var depths = new Dictionary<Parameter, int>(ReferenceEqualityComparer.Instance);
        foreach (Parameter parameter in Encoder.Embeddings.parameters())
            depths[parameter] = 0;
        for (int layer = 0; layer < Encoder.Layers.Count; layer++)
            foreach (Parameter parameter in Encoder.Layers[layer].parameters())
                depths[parameter] = layer + 1;
        foreach ((string name, Parameter parameter) in named_parameters())
            yield return new PlacedParameter(name, parameter, depths.GetValueOrDefault(parameter, Encoder.Layers.Count + 1));
    }

    /// <returns>[batch, labels] float32</returns>
    public override Tensor forward(TokenBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        return FromHidden(Encoder.forward(batch), batch).MoveToOuterDisposeScope();
    }

    /// <summary>The same from word vectors that the caller made: [batch, length, hidden].</summary>
    public Tensor FromWords(Tensor words, TokenBatch batch) =>
        FromHidden(Encoder.FromEmbeddings(Encoder.Embeddings.FromWords(words, batch), batch), batch);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _memory.Dispose();
        base.Dispose(disposing);
    }

    protected override void RegisterComponents()
    {
    }

    private Tensor FromHidden(Tensor hidden, TokenBatch batch) => Head.Forward(batch.Pool(hidden, Config.Pooling)).to(ScalarType.Float32);
}

/// <param name="Name">The parameter's name in checkpoints.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Depth">0 in the embeddings, 1 in the first layer, one more than the layers in the head.</param>
internal sealed record PlacedParameter(string Name, Parameter Parameter, int Depth);
