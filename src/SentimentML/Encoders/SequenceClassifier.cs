using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SentimentML.Encoders;

/// <summary>A dense layer, tanh and a projection, on the vector of the first token.</summary>
internal sealed class RobertaClassificationHead : Module<Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly Linear out_proj;
    private readonly Dropout dropout;

    public RobertaClassificationHead(EncoderConfig config)
        : base(nameof(RobertaClassificationHead))
    {
        dense = new Linear(config.HiddenSize, config.HiddenSize);
        out_proj = new Linear(config.HiddenSize, config.Labels.Count);
        dropout = new Dropout(config.ClassifierDropout ?? config.HiddenDropout);
        RegisterComponents();
    }

    /// <param name="first">[batch, hidden]</param>
    /// <returns>[batch, labels]</returns>
    public override Tensor forward(Tensor first)
    {
        Tensor x = dense.forward(dropout.forward(first)).tanh();
        return out_proj.forward(dropout.forward(x));
    }
}

/// <summary>The network that is fine-tuned: logits of each label for each text.</summary>
internal sealed class SequenceClassifier : Module<TokenBatch, Tensor>
{
    private readonly RobertaModel roberta;
    private readonly RobertaClassificationHead classifier;
    private readonly NativeMemory _memory;

    public SequenceClassifier(EncoderConfig config)
        : base(nameof(SequenceClassifier))
    {
        Config = config;
        roberta = new RobertaModel(config);
        classifier = new RobertaClassificationHead(config);
        RegisterComponents();
        _memory = new NativeMemory(parameters().Sum(parameter => parameter.numel() * sizeof(float)));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _memory.Dispose();
        base.Dispose(disposing);
    }

    public EncoderConfig Config { get; }

    public RobertaModel Roberta => roberta;

    public RobertaClassificationHead Classifier => classifier;

    /// <summary>
    /// Null: everything in float32. bfloat16: the encoder's matrices, attention and what lies between them in bfloat16;
    /// embeddings, the norms' statistics and the head, which are small and decide the rest, stay in float32.
    /// </summary>
    public ScalarType? ComputeType
    {
        set
        {
            foreach (IMixedPrecision part in roberta.modules().OfType<IMixedPrecision>())
                part.ComputeType = value;
        }
    }

    /// <returns>[batch, labels] float32</returns>
    public override Tensor forward(TokenBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        return classifier.forward(batch.First(roberta.forward(batch))).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
