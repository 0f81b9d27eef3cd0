using System.Runtime.InteropServices;
using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Tests.Backbones.Checkpoints;

public class FloatConversionTests
{
    [Fact]
    public void Every_half_is_exact()
    {
        Half[] all = [.. Enumerable.Range(0, 1 << 16).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits))];
        AssertConverted<Half>(CheckpointDtype.F16, all, value => (float)value);
    }

    [Fact]
    public void Every_bfloat16_is_exact()
    {
        ushort[] all = [.. Enumerable.Range(0, 1 << 16).Select(bits => (ushort)bits)];
        AssertConverted<ushort>(CheckpointDtype.BF16, all, value => BitConverter.UInt32BitsToSingle((uint)value << 16));
    }

    [Fact]
    public void Doubles_are_rounded_to_the_nearest_float()
    {
        double[] values = [0, -0.0, 1, Math.PI, 1e300, -1e300, 1e-300, double.NaN, double.PositiveInfinity, 1 + 1.0 / (1 << 24), 3, -7, 1e10, 2.5e-45];
        AssertConverted<double>(CheckpointDtype.F64, [.. values, .. values, .. values], value => (float)value);
    }

    [Fact]
    public void Whole_numbers_and_truth_values_become_floats()
    {
        AssertConverted<long>(CheckpointDtype.I64, [0, -1, 513, long.MaxValue, long.MinValue], value => value);
        AssertConverted<ulong>(CheckpointDtype.U64, [0, ulong.MaxValue], value => value);
        AssertConverted<int>(CheckpointDtype.I32, [0, -1, int.MaxValue], value => value);
        AssertConverted<uint>(CheckpointDtype.U32, [0, uint.MaxValue], value => value);
        AssertConverted<short>(CheckpointDtype.I16, [0, -1, short.MaxValue], value => value);
        AssertConverted<ushort>(CheckpointDtype.U16, [0, ushort.MaxValue], value => value);
        AssertConverted<sbyte>(CheckpointDtype.I8, [0, -1, 127], value => value);
        AssertConverted<byte>(CheckpointDtype.U8, [0, 255], value => value);
        AssertConverted<byte>(CheckpointDtype.BOOL, [0, 1], value => value);
        AssertConverted<float>(CheckpointDtype.F32, [0, 1.5f, float.NaN], value => value);
    }

    /// <summary>From an odd address, as an unpadded header leaves it, and for every length of the remainder.</summary>
    private static unsafe void AssertConverted<T>(CheckpointDtype dtype, T[] values, Func<T, float> expected)
        where T : unmanaged
    {
        Assert.Equal(sizeof(T), dtype.Size());
        byte[] bytes = [0, .. MemoryMarshal.AsBytes(values.AsSpan())];
        for (int cut = 0; cut < Math.Min(values.Length, 35); cut++)
        {
            float[] actual = new float[values.Length - cut];
            fixed (byte* source = bytes)
            fixed (float* destination = actual)
                FloatConversion.Convert(dtype, source + 1 + cut * sizeof(T), destination, actual.Length);
            Assert.Equal(values[cut..].Select(expected), actual);
        }
    }
}
