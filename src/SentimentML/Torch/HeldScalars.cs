using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>
/// Arithmetic whose numbers stay alive while libtorch reads them. TorchSharp's operators wrap a number in an object that
/// nothing refers to once its handle was taken: a garbage collection in that moment frees it under libtorch's hands
/// (libtorch then says "Exception raised from toFloat"; rare, and the end of a training).
/// </summary>
internal static class HeldScalars
{
    private static readonly Scalar One = 1;

    /// <summary>a + b, which TorchSharp computes as a + 1 × b.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary>a += b, in place.</summary>
    public static void Add(this Tensor a, Tensor b) => a.add_(b, One);

    /// <summary>a += factor × b, in place.</summary>
    public static void Add(this Tensor a, Tensor b, double factor)
    {
        using Scalar held = factor;
        a.add_(b, held);
    }

    /// <summary>A number where the mask is true.</summary>
    public static Tensor Filled(this Tensor a, Tensor mask, double value)
    {
        using Scalar held = value;
        return a.masked_fill(mask, held);
    }

    public static Tensor Times(this Tensor a, double b)
    {
        using Scalar held = b;
        return a.mul(held);
    }

    /// <summary>a /= b, in place.</summary>
    public static void Divide(this Tensor a, double b)
    {
        using Scalar held = b;
        a.div_(held);
    }

    public static Tensor Over(this Tensor a, double b)
    {
        using Scalar held = b;
        return a.div(held);
    }
}
