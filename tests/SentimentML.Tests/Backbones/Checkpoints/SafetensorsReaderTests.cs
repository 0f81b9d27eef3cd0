using System.Buffers.Binary;
using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Tests.Backbones.Checkpoints;

public class SafetensorsReaderTests
{
    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""",
        "the key 'a' is there twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'a' has 'dtype' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", "which does not take the 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "'a' is F32 [4611686018427387904, 4]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3000000000,3000000000],"data_offsets":[0,8]}}""", "'a' is F32 [3000000000, 3000000000]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "the shape of 'a' holds '-2'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", "the shape of 'a' holds '2.0'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "'a' lies at bytes 8 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'b' lies at bytes 0 to 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'a' lies at bytes 4 to 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "the tensors take 4 bytes, the file has 8")]
    [InlineData("""{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}""", "the dtype 'F4'; known are BOOL, U8")]
    [InlineData("""{"a":{"dtype":"11","shape":[2],"data_offsets":[0,8]}}""", "the dtype '11'")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "'a' needs dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "'a' needs dtype, shape and data_offsets of two numbers")]
    [InlineData("""{"__metadata__":{"format":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "the metadata of 'format' should be a string")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x""", "the JSON cannot be read")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "is no text")]
    [InlineData(""" {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "the header does not start with '{'")]
    [InlineData("""{"a":[]}""", "the value of 'a' should be an object, found an array")]
    public void A_header_that_the_reference_refuses_is_refused_with_the_reason(string header, string expected)
    {
        using CheckpointFolder folder = new CheckpointFolder().WithSafetensors(header, 8);
        string message = folder.OpenFails().Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith(folder.PathOf(Checkpoint.Safetensors), message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000_001UL, "the header would have 100000001 bytes, 100000000 are allowed")]
    [InlineData(ulong.MaxValue, "100000000 are allowed")]
    [InlineData(99UL, "the header would have 99 bytes, the file has 10")]
    public void A_header_longer_than_the_file_or_the_limit_is_refused(ulong length, string expected)
    {
        byte[] file = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        using CheckpointFolder folder = new CheckpointFolder().With(Checkpoint.Safetensors, file);
        Assert.Contains(expected, folder.OpenFails().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_file_without_a_whole_length_is_refused(int length)
    {
        using CheckpointFolder folder = new CheckpointFolder().With(Checkpoint.Safetensors, new byte[length]);
        Assert.Contains($"has {length} bytes", folder.OpenFails().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_not_UTF8_is_refused()
    {
        using CheckpointFolder folder = new CheckpointFolder()
            .With(Checkpoint.Safetensors, CheckpointFolder.Safetensors([.. "{\""u8, 0xff, .. "\":{}}"u8], []));
        Assert.Contains("is not UTF-8", folder.OpenFails().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("\"a\":nul")]
    [InlineData("\"a\\\"\":fals")]
    public void A_stray_word_before_a_long_rest_is_refused_without_quoting_the_rest(string start)
    {
        using CheckpointFolder folder = new CheckpointFolder().WithSafetensors("{" + start + new string('x', 1_000_000), 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        SentimentMLException error = folder.OpenFails();
        Assert.Contains("which is no value", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500_000);
    }

    [Fact]
    public void A_header_nested_a_thousand_deep_is_refused()
    {
        using CheckpointFolder folder = new CheckpointFolder().WithSafetensors("{" + string.Concat(Enumerable.Repeat("\"a\":{", 1000)), 0);
        folder.OpenFails();
    }

    [Fact]
    public void A_header_of_a_hundred_thousand_empty_tensors_is_refused_early()
    {
        string header = "{" + string.Join(',', Enumerable.Range(0, 100_000).Select(i => $$"""
            "{{i}}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}
            """)) + "}";
        using CheckpointFolder folder = new CheckpointFolder().WithSafetensors(header, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("would take more memory than the file is long", folder.OpenFails().Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * header.Length);
    }

    [Fact]
    public void Scalars_empty_tensors_odd_offsets_and_any_order_are_read()
    {
        using CheckpointFolder folder = new CheckpointFolder().With(Checkpoint.Safetensors, CheckpointFolder.Safetensors(
            """{"scalar":{"dtype":"F32","shape":[],"data_offsets":[1,5]},"empty":{"dtype":"I64","shape":[0,3],"data_offsets":[5,5]},"flag":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}   """u8.ToArray(),
            [1, .. BitConverter.GetBytes(2.5f)]));
        using Checkpoint checkpoint = Checkpoint.Open(folder.Files);

        float[] value = new float[1];
        checkpoint.Tensors["scalar"].CopyTo(value);
        Assert.Equal(2.5f, value[0]);
        checkpoint.Tensors["flag"].CopyTo(value);
        Assert.Equal(1f, value[0]);
        Assert.Equal(0, checkpoint.Tensors["empty"].Count);
        checkpoint.Tensors["empty"].CopyTo([]);
    }
}
