using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>Hands out a tensor's bytes, row-major and little-endian.</summary>
/// <param name="offset">Where the wanted bytes start.</param>
/// <param name="count">How many are wanted; as many have to come back. They need to stay as they are until the next call.</param>
internal delegate ReadOnlySpan<byte> TensorBytes(long offset, int count);

/// <summary>A tensor to be written: what the header says of it, and where its bytes come from, piece by piece.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Dtype">What its elements are.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Bytes">Called in the order of the offsets while the tensor is written.</param>
internal sealed record SafetensorsEntry(string Name, CheckpointDtype Dtype, long[] Shape, TensorBytes Bytes)
{
    /// <summary>A tensor of floats in memory, which has to stay there until it is written.</summary>
    public static unsafe SafetensorsEntry Over(string name, float* data, params long[] shape) =>
        new(name, CheckpointDtype.F32, shape, (offset, count) => new ReadOnlySpan<byte>((byte*)data + offset, count));

    /// <summary>Tensors of float32 on any device, which have to live until they are written. They share one buffer.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="dtype">What is written: F32, or F16, rounded to the nearest.</param>
    /// <remarks>
    /// Copied a piece at a time: from a GPU no whole tensor is copied, and a tensor may exceed the 2 GiB of a span.
    /// </remarks>
    public static IReadOnlyList<SafetensorsEntry> Of(IEnumerable<(string Name, Tensor Tensor)> tensors, CheckpointDtype dtype = CheckpointDtype.F32)
    {
        ScalarType type = dtype == CheckpointDtype.F16 ? ScalarType.Float16 : ScalarType.Float32;
        int size = dtype.Size();
        var buffer = new List<byte>();
        return
        [
            .. tensors.Select(t => new SafetensorsEntry(t.Name, dtype, t.Tensor.shape, (offset, count) =>
            {
                using DisposeScope scope = NewDisposeScope();
                CollectionsMarshal.SetCount(buffer, count);
                Span<byte> bytes = CollectionsMarshal.AsSpan(buffer);
                t.Tensor.detach().reshape(-1).narrow(0, offset / size, count / size).to(type).cpu().bytes.CopyTo(bytes);
                return bytes;
            })),
        ];
    }
}
