using SentimentML.Backbones.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SentimentML.Encoders;

/// <summary>A dense layer, an activation and a projection, on one vector of a text.</summary>
internal sealed class ClassificationHead
{
    private readonly Activation _activation;
    private readonly bool _dropsInput;
    private readonly Dropout _dropout;

    /// <param name="owner">The network, among whose parts the head's stand: some architectures keep one inside the encoder.</param>
    /// <param name="config">The sizes.</param>
    public ClassificationHead(Module owner, EncoderConfig config)
    {
        CheckpointNames names = config.Architecture.Names;
        Dense = owner.Add(names.HeadDense, new Linear(config.HiddenSize, config.HiddenSize, config.HasHeadBias));
        Norm = names.HeadNorm is { } norm ? owner.Add(norm, new LayerNorm(config.HiddenSize, config.LayerNormEpsilon, config.HasNormBias)) : null;
        Projection = owner.Add(names.HeadProjection, new Linear(config.HiddenSize, config.Labels.Count));
        _dropout = owner.Add("head_dropout", new Dropout(config.ClassifierDropout));
        _activation = config.HeadActivation;
        _dropsInput = config.DropsHeadInput;
    }

    public Linear Dense { get; }

    /// <summary>Behind the activation; null in most.</summary>
    public LayerNorm? Norm { get; }

    public Linear Projection { get; }

    /// <summary>All parts that have parameters.</summary>
    public IEnumerable<Module> Parts => Norm is null ? [Dense, Projection] : [Dense, Norm, Projection];

    /// <param name="pooled">[batch, hidden]</param>
    /// <returns>[batch, labels]</returns>
    public Tensor Forward(Tensor pooled)
    {
        Tensor x = _activation.Apply(Dense.forward(_dropsInput ? _dropout.forward(pooled) : pooled));
        if (Norm is not null)
            x = Norm.forward(x);
        return Projection.forward(_dropout.forward(x));
    }
}
