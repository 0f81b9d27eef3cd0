using System.Runtime.InteropServices;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;

namespace SentimentML.Tests.Backbones.Checkpoints;

/// <summary>Reading weights ends soon after it is cancelled.</summary>
public class CancelledLoadTests
{
    private const int Tensors = 20, Rows = 1024, Columns = 512;

    private static readonly (string Name, long[] Shape)[] Network = [.. Enumerable.Range(0, Tensors).Select(i => ($"{i:00}.weight", (long[])[Rows, Columns]))];

    [Fact]
    public void A_stream_of_weights_is_not_read_further()
    {
        using var file = new MemoryStream();
        byte[] row = MemoryMarshal.AsBytes<float>(Enumerable.Repeat(1f, Rows * Columns).ToArray()).ToArray();
        SafetensorsWriter.Write(
            file, [.. Network.Select(
                tensor => new SafetensorsEntry(tensor.Name, CheckpointDtype.F32, tensor.Shape, (offset, count) => row.AsSpan((int)offset, count)))]);
        using var cancel = new CancellationTokenSource();
        using var network = new Parameters(Network);
        using var half = new CancellingStream(file.ToArray(), file.Length / 2, cancel);
        Assert.Throws<OperationCanceledException>(() => SafetensorsStream.Load(half, "half", network.Destinations, cancel.Token));
        Assert.InRange(half.Position, file.Length / 2, file.Length / 2 + (1 << 20));
        Assert.Equal(1, network.Values(Network[0].Name)[0]);
        Assert.Equal(Parameters.Untouched, network.Values(Network[^1].Name)[0]);
    }

    [Fact]
    public void A_checkpoint_in_memory_is_not_copied()
    {
        using Checkpoint checkpoint = Checkpoint.Open(ModelFiles.InFolder(Shared.Golden("tiny_mlm")));
        using var network = new Parameters(checkpoint.Tensors.Values.Select(tensor => (tensor.Name, tensor.Shape.ToArray())));
        Assert.Throws<OperationCanceledException>(
            () => CheckpointLoading.Load(checkpoint, network.Destinations, Architectures.For("roberta").Names, new CancellationToken(canceled: true)));
        Assert.All(checkpoint.Tensors.Keys, name => Assert.All(network.Values(name), value => Assert.Equal(Parameters.Untouched, value)));
    }

    /// <summary>Cancels when so many bytes have been read.</summary>
    private sealed class CancellingStream(byte[] content, long after, CancellationTokenSource cancel) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer)
        {
            int read = base.Read(buffer);
            if (Position >= after)
                cancel.Cancel();
            return read;
        }
    }
}
