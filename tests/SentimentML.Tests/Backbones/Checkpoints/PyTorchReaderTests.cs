using System.IO.Compression;
using System.Runtime.InteropServices;
using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Tests.Backbones.Checkpoints;

public class PyTorchReaderTests
{
    private static readonly byte[] ZeroToEleven = MemoryMarshal.AsBytes<float>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).ToArray();

    [Theory]
    [InlineData(0, new long[] { 3, 4 }, new long[] { 4, 1 }, new float[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 })]
    [InlineData(0, new long[] { 4, 3 }, new long[] { 1, 4 }, new float[] { 0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11 })]
    [InlineData(1, new long[] { 3, 2 }, new long[] { 4, 1 }, new float[] { 1, 2, 5, 6, 9, 10 })]
    [InlineData(0, new long[] { 2, 3, 2 }, new long[] { 1, 4, 2 }, new float[] { 0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11 })]
    [InlineData(5, new long[] { 2, 3 }, new long[] { 0, 0 }, new float[] { 5, 5, 5, 5, 5, 5 })]
    [InlineData(3, new long[] { 1, 2 }, new long[] { 1000, 3 }, new float[] { 3, 6 })]
    [InlineData(10, new long[] { 7, 2 }, new long[] { 0, 1 }, new float[] { 10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 11 })]
    [InlineData(7, new long[0], new long[0], new float[] { 7 })]
    [InlineData(12, new long[] { 0, 5 }, new long[] { 5, 1 }, new float[0])]
    public void A_strided_view_is_copied_in_row_major_order(long offset, long[] shape, long[] strides, float[] expected)
    {
        byte[] pickle = StateDict("w", builder => builder.Tensor("FloatStorage", "0", 12, offset, shape, strides));
        using CheckpointFolder folder = new CheckpointFolder().WithTorchZip(pickle, ("data/0", ZeroToEleven));
        using Checkpoint checkpoint = Checkpoint.Open(folder.Files);
        CheckpointTensor tensor = checkpoint.Tensors["w"];

        float[] actual = new float[tensor.Count];
        tensor.CopyTo(actual);
        Assert.Equal(expected, actual);
        Assert.Equal(shape, tensor.Shape);
        AssertPiecesAreTheWhole(tensor, actual);
    }

    [Theory]
    [InlineData(0, new long[] { 13 }, new long[] { 1 }, "has more elements than its storage")]
    [InlineData(0, new long[] { 7, 13, 1 }, new long[] { 0, 1, 0 }, "has more elements than its storage")]
    [InlineData(1, new long[] { 12 }, new long[] { 1 }, "reaches beyond its storage")]
    [InlineData(0, new long[] { 2, 2 }, new long[] { 11, 1 }, "reaches beyond its storage")]
    [InlineData(0, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, "reaches beyond its storage")]
    [InlineData(0, new long[] { long.MaxValue, long.MaxValue }, new long[] { 0, 0 }, "has more elements than its storage")]
    [InlineData(0, new long[] { -1 }, new long[] { 1 }, "no whole number from 0 on")]
    [InlineData(0, new long[] { 2 }, new long[] { -1 }, "no whole number from 0 on")]
    [InlineData(-1, new long[] { 1 }, new long[] { 1 }, "reaches beyond its storage")]
    [InlineData(long.MaxValue, new long[] { 0 }, new long[] { 1 }, "reaches beyond its storage")]
    [InlineData(0, new long[] { 1, 2 }, new long[] { 1 }, "has 2 sizes and 1 strides")]
    public void A_view_beyond_its_storage_is_refused(long offset, long[] shape, long[] strides, string expected)
    {
        byte[] pickle = StateDict("w", builder => builder.Tensor("FloatStorage", "0", 12, offset, shape, strides));
        using CheckpointFolder folder = new CheckpointFolder().WithTorchZip(pickle, ("data/0", ZeroToEleven));
        Assert.Contains(expected, folder.OpenFails().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FloatStorage", 11, "should have 11 elements of F32, and has 48 bytes")]
    [InlineData("DoubleStorage", 12, "should have 12 elements of F64, and has 48 bytes")]
    [InlineData("FloatStorage", long.MaxValue, "more than the file has room for")]
    [InlineData("FloatStorage", -1, "more than the file has room for")]
    public void A_storage_of_another_length_than_its_data_is_refused(string type, long count, string expected)
    {
        byte[] pickle = StateDict("w", builder => builder.Tensor(type, "0", count, 0, [1], [1]));
        using CheckpointFolder folder = new CheckpointFolder().WithTorchZip(pickle, ("data/0", ZeroToEleven), ("padding", new byte[1000]));
        Assert.Contains(expected, folder.OpenFails().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model_state_dict")]
    [InlineData("model")]
    public void A_state_dict_beside_a_trainers_notes_is_found(string name)
    {
        byte[] pickle = new PickleBuilder().Op('}').Op('(').Text("epoch").Number(3).Text("dtype").Global("torch", "float32").Text(name)
            .Op('}').Text("w").Tensor("FloatStorage", "0", 12, 0, [12], [1]).Op('s').Op('u').Stop();
        using CheckpointFolder folder = new CheckpointFolder().WithTorchZip(pickle, ("data/0", ZeroToEleven));
        using Checkpoint checkpoint = Checkpoint.Open(folder.Files);
        Assert.Equal(["w"], checkpoint.Tensors.Keys);
    }

    /// <summary>As Lightning writes it: an AttributeDict in a Namespace, a path, a number of NumPy.</summary>
    [Fact]
    public void Objects_of_a_trainers_settings_are_passed_over()
    {
        byte[] pickle = new PickleBuilder().Op('}').Op('(')
            .Text("hyper_parameters").Global("pytorch_lightning.utilities.parsing", "AttributeDict").Op(')').Raw(0x81).Op('(')
            .Text("args").Global("argparse", "Namespace").Op(')').Raw(0x81).Op('}').Text("lr").Number(1).Op('s').Op('b')
            .Text("root").Global("pathlib", "PosixPath").Op('(').Text("runs").Op('t').Op('R').Op('u')
            .Text("best").Global("numpy.core.multiarray", "scalar").Op('(').Global("numpy", "dtype").Op('(').Text("f8").Op('t').Op('R')
            .Op('(').Number(3).Op('t').Op('b').Global("_codecs", "encode").Op('(').Text("x").Text("latin1").Op('t').Op('R').Op('t').Op('R')
            .Text("state_dict").Op('}').Text("w").Tensor("FloatStorage", "0", 12, 0, [12], [1]).Op('s').Op('u').Stop();
        using CheckpointFolder folder = new CheckpointFolder().WithTorchZip(pickle, ("data/0", ZeroToEleven));
        using Checkpoint checkpoint = Checkpoint.Open(folder.Files);
        Assert.Equal(["w"], checkpoint.Tensors.Keys);
    }

    [Fact]
    public void A_parameter_and_the_opcodes_of_protocol_4_are_read()
    {
        byte[] pickle = new PickleBuilder().Raw(0x80, 4).Op('}').Raw(0x94).Raw(0x8c, 1, (byte)'w').Raw(0x94)
            .Raw(0x8c, 12).Raw("torch._utils"u8).Raw(0x8c, 18).Raw("_rebuild_parameter"u8).Raw(0x93).Op('(')
            .Tensor("FloatStorage", "0", 12, 0, [12], [1]).Raw(0x88).Op('}').Op('t').Op('R').Op('s').Stop();
        using CheckpointFolder folder = new CheckpointFolder().WithTorchZip(pickle, ("data/0", ZeroToEleven), ("byteorder", "little"u8.ToArray()));
        using Checkpoint checkpoint = Checkpoint.Open(folder.Files);
        Assert.Equal(12, checkpoint.Tensors["w"].Count);
    }

    [Fact]
    public void A_parameter_with_attributes_of_a_program_is_read_without_them()
    {
        byte[] pickle = StateDict("w", builder => builder.Global("torch._utils", "_rebuild_parameter_with_state").Op('(')
            .Tensor("FloatStorage", "0", 12, 0, [12], [1]).Raw(0x88).Op('}').Op('}').Text("_is_hf_initialized").Raw(0x88).Op('s').Op('t').Op('R'));
        using CheckpointFolder folder = new CheckpointFolder().WithTorchZip(pickle, ("data/0", ZeroToEleven));
        using Checkpoint checkpoint = Checkpoint.Open(folder.Files);
        Assert.Equal(12, checkpoint.Tensors["w"].Count);
    }

    [Fact]
    public void Compressed_big_endian_TorchScript_and_foreign_archives_are_named()
    {
        byte[] pickle = StateDict("w", builder => builder.Tensor("FloatStorage", "0", 12, 0, [12], [1]));
        AssertRefused(CheckpointFolder.Zip([("data.pkl", pickle), ("data/0", new byte[48])], CompressionLevel.Optimal), "is compressed or encrypted");
        AssertRefused(CheckpointFolder.Zip([("data.pkl", pickle), ("data/0", ZeroToEleven), ("byteorder", "big"u8.ToArray())]), "another byte order");
        AssertRefused(CheckpointFolder.Zip([("data.pkl", pickle), ("constants.pkl", pickle)]), "is a TorchScript program");
        AssertRefused(CheckpointFolder.Zip([("data.pkl", pickle)]), "the entry 'any name/data/0' is missing");
        AssertRefused(CheckpointFolder.Zip([("readme", pickle)]), "a zip archive with no data.pkl");
        AssertRefused(CheckpointFolder.Zip([("data.pkl", pickle), ("b/data.pkl", pickle)]), "more than one data.pkl");
        AssertRefused(CheckpointFolder.Zip([("data.pkl", pickle), ("data/0", ZeroToEleven), ("data/0", ZeroToEleven)]), "is there twice");
    }

    [Fact]
    public void What_torch_did_not_save_is_named()
    {
        byte[] tar = new byte[600];
        "ustar"u8.CopyTo(tar.AsSpan(257));
        AssertRefused(tar, "the tar archive of PyTorch before 0.1.10");
        AssertRefused([], "neither a zip archive nor a pickle");
        AssertRefused("hello"u8.ToArray(), "neither a zip archive nor a pickle");
        AssertRefused(new PickleBuilder().Number(1).Stop(), "its magic number is missing");
        AssertRefused("PK"u8.ToArray(), "its directory is missing");
        AssertRefused(CheckpointFolder.Zip([("data.pkl", new PickleBuilder().Number(1).Stop())]), "does not hold a dict of tensors");
    }

    [Fact]
    public void The_format_before_zip_is_refused_where_its_storages_are_not_as_the_pickle_says()
    {
        byte[] head = [.. HostilePickleTests.LegacyHead(), .. StateDict("w", builder => builder.Tensor("FloatStorage", "0", 12, 0, [12], [1]))];
        byte[] keys = new PickleBuilder().Op(']').Text("0").Op('a').Stop();
        byte[] twice = new PickleBuilder().Op(']').Op('(').Text("0").Text("0").Op('e').Stop();
        AssertRefused([.. head, .. keys, .. BitConverter.GetBytes(11L), .. ZeroToEleven], "should have 12 elements, and has 11");
        AssertRefused([.. head, .. keys, .. BitConverter.GetBytes(12L), .. ZeroToEleven[..47]], "ends inside the storage '0'");
        AssertRefused([.. head, .. twice, .. BitConverter.GetBytes(12L), .. ZeroToEleven], "holds '0' twice");
        AssertRefused([.. head, .. new PickleBuilder().Op(']').Stop(), .. new byte[100]], "the data of storage '0' are missing");

        using CheckpointFolder folder = new CheckpointFolder().With(Checkpoint.PyTorch, [.. head, .. keys, .. BitConverter.GetBytes(12L), .. ZeroToEleven]);
        using Checkpoint checkpoint = Checkpoint.Open(folder.Files);
        float[] values = new float[12];
        checkpoint.Tensors["w"].CopyTo(values);
        Assert.Equal(11, values[11]);
    }

    private static void AssertRefused(byte[] file, string expected)
    {
        using CheckpointFolder folder = new CheckpointFolder().With(Checkpoint.PyTorch, file);
        Assert.Contains(expected, folder.OpenFails().Message, StringComparison.Ordinal);
    }

    private static unsafe void AssertPiecesAreTheWhole(CheckpointTensor tensor, float[] whole)
    {
        for (int start = 0; start < whole.Length; start++)
        {
            float[] rest = new float[whole.Length - start];
            fixed (float* destination = rest)
                tensor.CopyRangeTo(start, destination, rest.Length);
            Assert.Equal(whole[start..], rest);
        }
    }

    private static byte[] StateDict(string name, Func<PickleBuilder, PickleBuilder> tensor) =>
        tensor(new PickleBuilder().Op('}').Text(name)).Op('s').Stop();
}
