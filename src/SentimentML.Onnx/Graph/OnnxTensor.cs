using System.Runtime.InteropServices;

namespace SentimentML.Onnx.Graph;

/// <summary>The types of TensorProto.DataType that are used here, with their numbers.</summary>
internal enum OnnxType
{
    Float = 1,
    Int8 = 3,
    Int64 = 7,
}

/// <summary>A tensor that the graph carries (an initializer).</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">What its numbers are.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Content">Its bytes, little-endian, made when they are written.</param>
internal sealed record OnnxTensor(string Name, OnnxType Type, long[] Shape, Func<ReadOnlyMemory<byte>> Content)
{
    /// <summary>Bytes of the content.</summary>
    public long Length => Shape.Aggregate(1L, (product, size) => checked(product * size)) * Type switch
    {
        OnnxType.Float => 4,
        OnnxType.Int64 => 8,
        _ => 1,
    };

    /// <summary>A small tensor whose values are there already.</summary>
    public static OnnxTensor Of<T>(string name, OnnxType type, long[] shape, params T[] values)
        where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        return new OnnxTensor(name, type, shape, () => bytes);
    }
}
