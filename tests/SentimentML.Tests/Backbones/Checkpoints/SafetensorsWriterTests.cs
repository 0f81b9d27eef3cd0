using System.Text;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;

namespace SentimentML.Tests.Backbones.Checkpoints;

public class SafetensorsWriterTests
{
    [Theory]
    [InlineData("tiny_mlm")]
    [InlineData("tiny_classifier")]
    [InlineData("tiny_classifier_3")]
    public void A_file_that_the_reference_wrote_comes_out_byte_for_byte(string golden)
    {
        string reference = Path.Combine(Shared.Golden(golden), Checkpoint.Safetensors);
        using Checkpoint checkpoint = Checkpoint.Open(ModelFiles.InFolder(Shared.Golden(golden)));
        // Handed over in reverse: the writer orders.
        SafetensorsEntry[] entries = [.. checkpoint.Tensors.Values.OrderByDescending(tensor => tensor.Name, StringComparer.Ordinal).Select(Entry)];
        var written = new MemoryStream();
        SafetensorsWriter.Write(written, entries);

        Assert.Equal(File.ReadAllBytes(reference), written.ToArray());
        Assert.Equal(written.Length, SafetensorsWriter.Length(entries));
    }

    [Fact]
    public void Wider_dtypes_come_first_then_names_by_their_bytes_and_the_header_is_padded()
    {
        SafetensorsEntry[] entries =
        [
            Bytes("b", CheckpointDtype.F16, [1], 1, 2),
            Bytes("\U0001F600", CheckpointDtype.U8, [], 9),
            Bytes("\uFFFD", CheckpointDtype.U8, [1, 1], 8),
            Bytes("a", CheckpointDtype.BF16, [1], 3, 4),
            Bytes("i", CheckpointDtype.I64, [0]),
            Bytes("f \"\\\u0001\n", CheckpointDtype.F32, [1], 5, 6, 7, 8),
        ];
        var stream = new MemoryStream();

        SafetensorsWriter.Write(stream, entries);

        string header = """{"__metadata__":{"format":"pt"},"i":{"dtype":"I64","shape":[0],"data_offsets":[0,0]},"f \"\\\u0001\n":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"BF16","shape":[1],"data_offsets":[4,6]},"b":{"dtype":"F16","shape":[1],"data_offsets":[6,8]},"""
            + "\"\uFFFD\":{\"dtype\":\"U8\",\"shape\":[1,1],\"data_offsets\":[8,9]},\"\U0001F600\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[9,10]}}";
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] padded = [.. text, .. Enumerable.Repeat((byte)' ', (8 - text.Length % 8) % 8)];
        Assert.Equal(CheckpointFolder.Safetensors(padded, [5, 6, 7, 8, 3, 4, 1, 2, 8, 9]), stream.ToArray());
    }

    [Fact]
    public void Doubled_names_overflowing_shapes_and_short_sources_are_refused()
    {
        SafetensorsEntry one = Bytes("a", CheckpointDtype.U8, [1], 1);
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [one, one]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [one with { Shape = [long.MaxValue, 2] }]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [one with { Bytes = (_, _) => [] }]));
    }

    private static SafetensorsEntry Bytes(string name, CheckpointDtype dtype, long[] shape, params byte[] data) =>
        new(name, dtype, shape, (offset, count) => data.AsSpan((int)offset, count));

    private static SafetensorsEntry Entry(CheckpointTensor tensor)
    {
        float[] values = new float[tensor.Count];
        tensor.CopyTo(values);
        return new(tensor.Name, CheckpointDtype.F32, [.. tensor.Shape],
            (offset, count) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).Slice((int)offset, count));
    }
}
