using SentimentML.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SentimentML.Encoders;

// The parts that know nothing of an architecture. Unlike TorchSharp's own modules they leave their weights as memory gives
// them: a checkpoint or the seed (Pretrained) fills them, and the global generator is not touched.

/// <summary>A part that can compute in another type than its weights have.</summary>
internal interface IMixedPrecision
{
    /// <summary>
    /// Null: as the weights are. bfloat16: mixed precision, computed in bfloat16 while the weights, their gradients and the
    /// optimizer stay in float32 (TorchSharp has no autocast).
    /// </summary>
    ScalarType? ComputeType { get; set; }
}

/// <summary>y = x Wᵀ + b, in the type that <see cref="ComputeType"/> names.</summary>
internal sealed class Linear : Module<Tensor, Tensor>, IMixedPrecision
{
    private readonly Parameter weight;
    private readonly Parameter? bias;

    public Linear(int inputs, int outputs, bool hasBias = true)
        : base(nameof(Linear))
    {
        weight = new Parameter(empty(outputs, inputs));
        register_parameter(nameof(weight), weight);
        if (!hasBias)
            return;
        bias = new Parameter(empty(outputs));
        register_parameter(nameof(bias), bias);
    }

    /// <inheritdoc/>
    public ScalarType? ComputeType { get; set; }

    /// <summary>[outputs, inputs]</summary>
    public Parameter Weight => weight;

    /// <summary>[outputs]; null in a layer without one</summary>
    public Parameter? Bias => bias;

    /// <summary>What is added to the product while a LoRA is trained; null otherwise.</summary>
    public LowRankAdapter? Adapter { get; set; }

    /// <summary>What computes the product while a training leaves the weights as they are; null otherwise.</summary>
    public FrozenMatrix? Frozen { get; set; }

    /// <param name="input">[…, inputs]</param>
    /// <returns>[…, outputs]</returns>
    public override Tensor forward(Tensor input)
    {
        ScalarType type = ComputeType ?? weight.dtype;
        Tensor x = input.to(type);
        Tensor y = Frozen?.Multiply(x) ?? OneDnn.Linear(x, weight.to(type), bias?.to(type));
        return Adapter?.AddTo(y, x) ?? y;
    }
}

/// <summary>A table of vectors; the row of the padding id gets no gradient.</summary>
internal sealed class Embedding : Module<Tensor, Tensor>
{
    // TorchSharp binds the operator only inside a module of its own, which would draw random numbers for every weight.
    private static readonly Lazy<jit.CompilationUnit> Operator = new(() => TorchScript.Compile("""
        def lookup(weight: Tensor, ids: Tensor, padding: int):
            return torch.embedding(weight, ids, padding)
        """));

    private readonly Parameter weight;
    private readonly Scalar padding; // held here, where libtorch may read it at any time

    public Embedding(int count, int size, int? paddingId = null)
        : base(nameof(Embedding))
    {
        padding = (long)(paddingId ?? -1);
        weight = new Parameter(empty(count, size));
        register_parameter(nameof(weight), weight);
    }

    public Parameter Weight => weight;

    /// <param name="ids">[batch, length] int64</param>
    /// <returns>[batch, length, size]</returns>
    public override Tensor forward(Tensor ids) => Operator.Value.invoke<Tensor>("lookup", weight, ids, padding);
}

/// <summary>Layer normalization (Ba et al., 2016) over the last dimension.</summary>
internal sealed class LayerNorm : Module<Tensor, Tensor>, IMixedPrecision
{
    private readonly Parameter weight;
    private readonly Parameter? bias;

    public LayerNorm(int size, double epsilon, bool hasBias = true)
        : base(nameof(LayerNorm))
    {
        Epsilon = epsilon;
        weight = new Parameter(empty(size));
        register_parameter(nameof(weight), weight);
        if (!hasBias)
            return;
        bias = new Parameter(empty(size));
        register_parameter(nameof(bias), bias);
    }

    public double Epsilon { get; }

    /// <summary>The type of the result; means and variances are computed in float32 in any case.</summary>
    public ScalarType? ComputeType { get; set; }

    public Parameter Weight => weight;

    /// <summary>Null in a norm without one.</summary>
    public Parameter? Bias => bias;

    public override Tensor forward(Tensor input)
    {
        // libtorch has a kernel for bfloat16 beside weights in float32 on the CPU alone.
        Tensor x = input.device_type == DeviceType.CPU ? input : input.to(weight.dtype);
        return functional.layer_norm(x, [weight.shape[0]], weight, bias, Epsilon).to(ComputeType ?? weight.dtype);
    }
}

/// <summary>Dropout (Srivastava et al., 2014) with random numbers of its own, apart from the global generator.</summary>
internal sealed class Dropout : Module<Tensor, Tensor>
{
    public Dropout(double probability)
        : base(nameof(Dropout)) => Probability = probability;

    /// <summary>The share of the numbers that are dropped in training.</summary>
    public double Probability { get; set; }

    /// <summary>Where the random numbers come from; without one nothing is dropped.</summary>
    public DropoutSource? Source { get; set; }

    public bool Drops => Probability > 0 && training && Source is not null;

    public override Tensor forward(Tensor input) => Drops ? input * Source!.Mask(input, Probability) : input;
}

/// <summary>The function behind a matrix, as transformers defines it (activations.py).</summary>
internal enum Activation
{
    Gelu,

    /// <summary>gelu by a tanh instead of the error function.</summary>
    GeluTanh,

    /// <summary>gelu by a sigmoid: x σ(1.702 x).</summary>
    QuickGelu,
    Relu,

    /// <summary>relu, at most 6.</summary>
    Relu6,

    /// <summary>relu's square.</summary>
    SquaredRelu,

    /// <summary>relu with a hundredth of what is below 0.</summary>
    LeakyRelu,

    /// <summary>x σ(x)</summary>
    Silu,
    Mish,
    Sigmoid,
    Tanh,

    /// <summary>None.</summary>
    Identity,
}

internal static class Activations
{
    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.Gelu => OneDnn.Gelu(x),
        Activation.GeluTanh => OneDnn.GeluTanh(x),
        Activation.QuickGelu => x * x.Times(1.702).sigmoid(),
        Activation.Relu => functional.relu(x),
        Activation.Relu6 => functional.relu6(x),
        Activation.SquaredRelu => functional.relu(x).square(),
        Activation.LeakyRelu => functional.leaky_relu(x, 0.01),
        Activation.Silu => functional.silu(x),
        Activation.Mish => functional.mish(x),
        Activation.Sigmoid => x.sigmoid(),
        Activation.Tanh => x.tanh(),
        Activation.Identity => x,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "An unknown function."),
    };
}
