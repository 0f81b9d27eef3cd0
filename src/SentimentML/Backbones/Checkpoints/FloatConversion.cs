using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>A checkpoint's elements as single-precision floats. Sources need no alignment.</summary>
internal static unsafe class FloatConversion
{
    private const int Block = 1 << 16;

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

    private static void FromHalf(byte* source, float* destination, long count)
    {
        for (long i = 0; i < count; i += Block)
        {
            int length = (int)Math.Min(Block, count - i);
            TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(source + i * sizeof(Half), length), new Span<float>(destination + i, length));
        }
    }

    /// <summary>A bfloat16 is the upper half of a float.</summary>
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
