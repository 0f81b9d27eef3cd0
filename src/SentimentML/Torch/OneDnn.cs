using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>
/// Functions that oneDNN computes on a CPU, through TorchScript. Where it gets no memory for a kernel it throws what TorchSharp's own functions let
/// pass through native frames, and the process ends; TorchScript makes an exception of it.
/// </summary>
internal static class OneDnn
{
    private static readonly Lazy<jit.CompilationUnit> Script = new(() => TorchScript.Compile("""
        def gelu(x: Tensor):
            return torch.gelu(x)

        def gelu_tanh(x: Tensor):
            return torch.gelu(x, approximate="tanh")

        def product(x: Tensor, weight: Tensor):
            return torch.linear(x, weight)

        def linear(x: Tensor, weight: Tensor, bias: Tensor):
            return torch.linear(x, weight, bias)
        """));

    public static Tensor Gelu(Tensor x) => Script.Value.invoke<Tensor>("gelu", x);

    public static Tensor GeluTanh(Tensor x) => Script.Value.invoke<Tensor>("gelu_tanh", x);

    /// <param name="x">[…, inputs]</param>
    /// <param name="weight">[outputs, inputs]</param>
    /// <param name="bias">[outputs]; null for none</param>
    /// <returns>[…, outputs]</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias) =>
        bias is null ? Script.Value.invoke<Tensor>("product", x, weight) : Script.Value.invoke<Tensor>("linear", x, weight, bias);
}
