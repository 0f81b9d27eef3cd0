using System.Numerics;
using System.Runtime.CompilerServices;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// A checkpoint's elements as single-precision floats. Sources need no alignment. The loops are optimized at their first
/// call, since a model is usually loaded once.
/// </summary>
internal static unsafe class FloatConversion
{
    public static void Convert(CheckpointDtype dtype, byte* source, float* destination, long count)
    {
        switch (dtype)
        {
            case CheckpointDtype.F32:
                Buffer.MemoryCopy(source, destination, count * sizeof(float), count * sizeof(float));
                break;
            case CheckpointDtype.F16:
                FromHalf(source, destination, count);
                break;
            case CheckpointDtype.BF16:
                FromBFloat16(source, destination, count);
                break;
            case CheckpointDtype.F64:
                FromDouble(source, destination, count);
                break;
            case CheckpointDtype.I64:
                FromInteger<long>(source, destination, count);
                break;
            case CheckpointDtype.U64:
                FromInteger<ulong>(source, destination, count);
                break;
            case CheckpointDtype.I32:
                FromInteger<int>(source, destination, count);
                break;
            case CheckpointDtype.U32:
                FromInteger<uint>(source, destination, count);
                break;
            case CheckpointDtype.I16:
                FromInteger<short>(source, destination, count);
                break;
            case CheckpointDtype.U16:
                FromInteger<ushort>(source, destination, count);
                break;
            case CheckpointDtype.I8:
                FromInteger<sbyte>(source, destination, count);
                break;
            case CheckpointDtype.U8:
            case CheckpointDtype.BOOL:
                FromInteger<byte>(source, destination, count);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not a dtype of a checkpoint");
        }
    }

    /// <summary>
    /// Half's exponent and fraction, moved to float's places, are too small by a factor of two to the 112th, for numbers
    /// below the normal range as well; infinities and NaNs need the whole exponent set.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromHalf(byte* source, float* destination, long count)
    {
        long i = 0;
        for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(Unsafe.ReadUnaligned<Vector<ushort>>(source + i * sizeof(ushort)), out Vector<uint> lower, out Vector<uint> upper);
            Unsafe.WriteUnaligned(destination + i, FromHalf(lower));
            Unsafe.WriteUnaligned(destination + i + Vector<uint>.Count, FromHalf(upper));
        }
        for (; i < count; i++)
            destination[i] = (float)Unsafe.ReadUnaligned<Half>(source + i * sizeof(ushort));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> FromHalf(Vector<uint> half)
    {
        Vector<uint> magnitude = half & new Vector<uint>(0x7fff);
        Vector<uint> sign = (half ^ magnitude) << 16;
        Vector<float> scaled = Vector.AsVectorSingle(magnitude << 13) * new Vector<float>(BitConverter.UInt32BitsToSingle(0x77800000));
        Vector<uint> notFinite = Vector.GreaterThan(magnitude, new Vector<uint>(0x7bff)) & new Vector<uint>(0x7f800000);
        return Vector.AsVectorUInt32(scaled) | notFinite | sign;
    }

    /// <summary>A bfloat16 is the upper half of a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromBFloat16(byte* source, float* destination, long count)
    {
        long i = 0;
        for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(Unsafe.ReadUnaligned<Vector<ushort>>(source + i * sizeof(ushort)), out Vector<uint> lower, out Vector<uint> upper);
            Unsafe.WriteUnaligned(destination + i, lower << 16);
            Unsafe.WriteUnaligned(destination + i + Vector<uint>.Count, upper << 16);
        }
        for (; i < count; i++)
            destination[i] = BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(source + i * sizeof(ushort)) << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromDouble(byte* source, float* destination, long count)
    {
        long i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var lower = Unsafe.ReadUnaligned<Vector<double>>(source + i * sizeof(double));
            var upper = Unsafe.ReadUnaligned<Vector<double>>(source + (i + Vector<double>.Count) * sizeof(double));
            Unsafe.WriteUnaligned(destination + i, Vector.Narrow(lower, upper));
        }
        for (; i < count; i++)
            destination[i] = (float)Unsafe.ReadUnaligned<double>(source + i * sizeof(double));
    }

    private static void FromInteger<T>(byte* source, float* destination, long count)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (long i = 0; i < count; i++)
            destination[i] = float.CreateTruncating(Unsafe.ReadUnaligned<T>(source + i * sizeof(T)));
    }
}
