using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>
/// A matrix that a training does not change, kept in the order that oneDNN's kernels like: once for the product, and once for the gradient if one is
/// asked for. A plain product reorders its matrix each time, and converts it to bfloat16 first.
/// </summary>
internal sealed class FrozenMatrix : IDisposable
{
    /// <summary>Tokens that the order is chosen for.</summary>
    private const long TypicalTokens = 512;

    private static readonly Lazy<OwnedScript> Script = new(() => new(jit.load<Tensor, Tensor>(TorchScriptArchive.Write(
        """
        class FrozenMatrix(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool

          def reorder(self: __torch__.FrozenMatrix, weight: Tensor, tokens: int) -> Tensor:
            return ops.mkldnn._reorder_linear_weight(weight, tokens)

          def product(self: __torch__.FrozenMatrix, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
            return ops.mkldnn._linear_pointwise(x, weight, bias, "none", annotate(List[Optional[number]], []), "")

        """, nameof(FrozenMatrix), new Dictionary<string, string>()))));

    private readonly ScalarType _type;
    private readonly Tensor _matrix;
    private readonly Tensor? _bias;
    private readonly Lazy<Tensor> _transposed;

    /// <param name="weight">[outputs, inputs]; it stays the caller's, and as it is</param>
    /// <param name="bias">[outputs]; null for none</param>
    /// <param name="type">What it is computed in: float32 or bfloat16.</param>
    public FrozenMatrix(Tensor weight, Tensor? bias, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        _type = type;
        _matrix = Ordered(weight);
        _transposed = new(() => Ordered(weight.t())); // below frozen layers alone none is asked for
        _bias = bias?.to(type).detach().DetachFromDisposeScope();
    }

    /// <summary>Whether there are kernels for it.</summary>
    /// <param name="type">Float32 or bfloat16.</param>
    /// <param name="device">Where the network is.</param>
    public static bool Supports(ScalarType type, Device device) => Processor.HasOneDnn(type == ScalarType.Float32, device);

    /// <param name="x">[…, inputs], in the matrix's type</param>
    /// <returns>[…, outputs]</returns>
    public Tensor Multiply(Tensor x) => is_grad_enabled() && x.requires_grad ? Product.apply(x, this) : Multiply(x, _matrix, _bias);

    public void Dispose()
    {
        _matrix.Dispose();
        if (_transposed.IsValueCreated)
            _transposed.Value.Dispose();
        _bias?.Dispose();
    }

    private Tensor Gradient(Tensor ofProduct)
    {
        using Tensor contiguous = ofProduct.contiguous();
        return Multiply(contiguous, _transposed.Value, bias: null);
    }

    private Tensor Ordered(Tensor matrix)
    {
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return Script.Value.invoke<Tensor>("reorder", matrix.to(_type).contiguous(), TypicalTokens).DetachFromDisposeScope();
    }

    private static Tensor Multiply(Tensor x, Tensor matrix, Tensor? bias) => Script.Value.invoke<Tensor>("product", x, matrix, bias!);

    /// <summary>The product as a function of libtorch's autograd.</summary>
    private sealed class Product : autograd.SingleTensorFunction<Product>
    {
        private const string Frozen = "frozen";

        public override string Name => nameof(FrozenMatrix);

        public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
        {
            var frozen = (FrozenMatrix)arguments[1];
            BackwardPass.Prepare(context);
            context.save_data(Frozen, frozen);
            return Multiply((Tensor)arguments[0], frozen._matrix, frozen._bias);
        }

        public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient) =>
            BackwardPass.OfFunction(gradient, inputs: 2, () => [((FrozenMatrix)context.get_data(Frozen)).Gradient(gradient)]);
    }
}
