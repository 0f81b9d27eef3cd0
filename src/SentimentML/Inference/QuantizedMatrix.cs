using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace SentimentML.Inference;

/// <summary>A matrix of floats as whole numbers from -127 to 127 with a scale for each row, by the row's largest magnitude.</summary>
internal static class QuantizedMatrix
{
    private const int Limit = 127;

    private const float LeastMagnitude = 1e-12f; // a row of zeros has a scale too

    /// <summary>Whether a tensor's numbers, float32 on the CPU, can be held in integers.</summary>
    public static bool IsFinite(Tensor values) => TensorPrimitives.IsFiniteAll<float>(MemoryMarshal.Cast<byte, float>(values.bytes));

    /// <param name="matrix">[outputs, inputs] float32 on the CPU, finite</param>
    /// <returns>[outputs, inputs] int8 and [outputs] float32, whose product is the matrix but for rounding (halves to even)</returns>
    public static unsafe (Tensor Whole, Tensor Scales) Of(Tensor matrix)
    {
        using Tensor contiguous = matrix.contiguous();
        (int outputs, int inputs) = ((int)matrix.shape[0], (int)matrix.shape[1]);
        Tensor whole = empty(outputs, inputs, dtype: ScalarType.Int8), scales = empty(outputs);
        fixed (byte* values = contiguous.bytes, integers = whole.bytes, factors = scales.bytes)
        {
            (nint from, nint to, nint by) = ((nint)values, (nint)integers, (nint)factors); // tensors do not move
            Parallel.For(0, outputs, row =>
            {
                var each = new ReadOnlySpan<float>((float*)from + (long)row * inputs, inputs);
                float scale = Math.Max(Math.Abs(TensorPrimitives.MaxMagnitude(each)), LeastMagnitude) / Limit;
                ((float*)by)[row] = scale;
                Quantize(each, scale, new Span<sbyte>((sbyte*)to + (long)row * inputs, inputs));
            });
        }
        return (whole, scales);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Quantize(ReadOnlySpan<float> values, float scale, Span<sbyte> whole)
    {
        int at = 0;
        for (; at + Vector512<sbyte>.Count <= values.Length; at += Vector512<sbyte>.Count)
        {
            Vector512<short> lower = Vector512.Narrow(Sixteen(values, at, scale), Sixteen(values, at + 16, scale));
            Vector512<short> upper = Vector512.Narrow(Sixteen(values, at + 32, scale), Sixteen(values, at + 48, scale));
            Vector512.Narrow(lower, upper).CopyTo(whole[at..]);
        }
        for (; at < values.Length; at++)
            whole[at] = (sbyte)MathF.Round(values[at] / scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Sixteen(ReadOnlySpan<float> values, int at, float scale) =>
        Vector512.ConvertToInt32Native(Vector512.Round(Vector512.Create(values[at..]) / scale));
}
