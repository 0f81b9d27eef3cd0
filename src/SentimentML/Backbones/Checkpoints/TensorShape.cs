namespace SentimentML.Backbones.Checkpoints;

/// <summary>Arithmetic on shapes that come from outside: no product may wrap around.</summary>
internal static class TensorShape
{
    /// <summary>As many dimensions as PyTorch allows a tensor.</summary>
    public const int MaxRank = 64;

    /// <summary>The number of elements, or false where it, or its size in bytes, is beyond 64 bits or a dimension is negative.</summary>
    public static bool TryCount(ReadOnlySpan<long> shape, CheckpointDtype dtype, out long count, out long bytes)
    {
        count = 1;
        bytes = 0;
        foreach (long size in shape)
        {
            if (size < 0 || Math.BigMul(count, size, out long product) != 0 || product < 0)
                return false;
            count = product;
        }
        return Math.BigMul(count, (long)dtype.Size(), out bytes) == 0 && bytes >= 0;
    }

    /// <summary>The elements that a tensor is made of, where a dimension without a stride repeats those of the others. No dimension is empty.</summary>
    public static long Distinct(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long count = 1;
        for (int i = 0; i < shape.Length; i++)
            count *= strides[i] == 0 ? 1 : shape[i];
        return count;
    }

    /// <summary>Row-major strides in elements, as PyTorch's contiguous tensors have them.</summary>
    public static bool IsContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long expected = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] == 0)
                return true;
            if (shape[i] != 1 && strides[i] != expected)
                return false;
            expected *= shape[i];
        }
        return true;
    }

    /// <summary>"[768, 3072]"; a shape with more dimensions than a person reads is cut.</summary>
    public static string Format(ReadOnlySpan<long> shape)
    {
        const int shown = 8;
        string text = string.Join(", ", shape[..Math.Min(shape.Length, shown)].ToArray());
        return shape.Length > shown ? $"[{text}, … {shape.Length} dimensions]" : $"[{text}]";
    }
}
