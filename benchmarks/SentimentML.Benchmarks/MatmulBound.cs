using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Benchmarks;

/// <summary>What the machine's matrix kernels give at the network's own shapes, and nothing beside: the bound of any engine.</summary>
internal sealed class MatmulBound : IDisposable
{
    private const int Tokens = 768, Hidden = 768, Inner = 3072, Passes = 4;

    private const string Source = """
        class Bound(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          def reorder(self: __torch__.Bound, w: Tensor, tokens: int) -> Tensor:
            return ops.mkldnn._reorder_linear_weight(w, tokens)
          def multiply(self: __torch__.Bound, x: Tensor, w: Tensor) -> Tensor:
            return ops.mkldnn._linear_pointwise(x, w, None, "none", annotate(List[Optional[number]], []), "")
          def reorder8(self: __torch__.Bound, w: Tensor, tokens: int) -> Tensor:
            return ops.onednn.qlinear_prepack(w, [tokens, torch.size(w, 1)])
          def multiply8(self: __torch__.Bound, x: Tensor, w: Tensor, scales: Tensor, zeros: Tensor) -> Tensor:
            return ops.onednn.qlinear_pointwise(x, 0.05, 128, w, scales, zeros, None, 1.0, 0, 15, "none", annotate(List[Optional[number]], []), "")

        """;

    private readonly jit.ScriptModule _script = jit.load<Tensor, Tensor>(TorchScriptArchive.Write(Source, "Bound", new Dictionary<string, string>()));

    /// <summary>Operations a second, in one pass over a layer's matrices.</summary>
    /// <param name="precision">Any but Auto.</param>
    /// <param name="seconds">How long something takes.</param>
    public double Measure(InferencePrecision precision, Func<Action, double> seconds)
    {
        using var _ = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        ScalarType type = precision == InferencePrecision.Float32 ? ScalarType.Float32 : ScalarType.BFloat16;
        bool int8 = precision == InferencePrecision.Int8;
        (Tensor X, Tensor W, Tensor Scales, Tensor Zeros)[] layer =
            [.. new[] { (Hidden, 3 * Hidden), (Hidden, Hidden), (Hidden, Inner), (Inner, Hidden) }.Select(shape =>
        {
            Tensor x = int8 ? randint(0, 256, [Tokens, shape.Item1], ScalarType.Byte) : randn(Tokens, shape.Item1).to(type);
            Tensor w = int8 ? randint(-127, 128, [shape.Item2, shape.Item1], ScalarType.Int8) : randn(shape.Item2, shape.Item1).to(type);
            return (x, _script.invoke<Tensor>(int8 ? "reorder8" : "reorder", w, (long)Tokens), ones(shape.Item2), zeros(shape.Item2, ScalarType.Int32));
        })];
        double best = double.MaxValue;
        for (int i = 0; i < 6; i++)
        {
            best = Math.Min(best, seconds(() =>
            {
                for (int pass = 0; pass < Passes; pass++)
                    foreach (var (x, w, scales, zeroPoints) in layer)
                        (int8 ? _script.invoke<Tensor>("multiply8", x, w, scales, zeroPoints) : _script.invoke<Tensor>("multiply", x, w)).Dispose();
            }));
        }
        return Passes * Tokens * Workload.OperationsPerToken / 12 / best;
    }

    public void Dispose() => _script.Dispose();
}
