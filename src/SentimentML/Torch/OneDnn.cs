using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>
/// Functions that oneDNN computes on a CPU, through TorchScript. Where it gets no memory for a kernel it throws what TorchSharp's own functions let
/// pass through native frames, and the process ends; TorchScript makes an exception of it.
/// </summary>
internal static class OneDnn
{
    // One operator each, whose gradients are then autograd's. For several together TorchScript fixes formulas by what the first calls were like, and
    // after some of them the gradients of a later call are wrong.
    private static readonly Lazy<jit.CompilationUnit> Script = new(() => TorchScript.Compile("""
        def gelu(x: Tensor):
            return torch.gelu(x)

        def gelu_tanh(x: Tensor):
            return torch.gelu(x, approximate="tanh")

        def product(x: Tensor, weight: Tensor):
            return torch.linear(x, weight)

        def linear(x: Tensor, weight: Tensor, bias: Tensor):
            return torch.linear(x, weight, bias)

        def add_product(y: Tensor, x: Tensor, matrix: Tensor, scale: float):
            return torch.addmm(y, x, matrix, alpha=scale)
        """));

    public static Tensor Gelu(Tensor x) => Script.Value.invoke<Tensor>("gelu", x);

    public static Tensor GeluTanh(Tensor x) => Script.Value.invoke<Tensor>("gelu_tanh", x);

    /// <param name="x">[…, inputs]</param>
    /// <param name="weight">[outputs, inputs]</param>
    /// <param name="bias">[outputs]; null for none</param>
    /// <returns>[…, outputs]</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias) =>
        bias is null ? Script.Value.invoke<Tensor>("product", x, weight) : Script.Value.invoke<Tensor>("linear", x, weight, bias);

    /// <summary>y + scale x M.</summary>
    /// <param name="y">[tokens, outputs]</param>
    /// <param name="x">[tokens, inputs]</param>
    /// <param name="matrix">[inputs, outputs]</param>
    /// <param name="scale">What the product is multiplied by; the caller holds it, because libtorch reads it at any time of the call.</param>
    /// <returns>[tokens, outputs]</returns>
    public static Tensor AddProduct(Tensor y, Tensor x, Tensor matrix, Scalar scale) => Script.Value.invoke<Tensor>("add_product", y, x, matrix, scale);
}
