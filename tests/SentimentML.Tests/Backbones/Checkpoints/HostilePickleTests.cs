using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Tests.Backbones.Checkpoints;

/// <summary>Pickles that would run code, or take the machine's memory, if Python loaded them.</summary>
public class HostilePickleTests
{
    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("nt", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "exec")]
    [InlineData("__builtin__", "eval")]
    [InlineData("builtins", "getattr")]
    [InlineData("subprocess", "Popen")]
    [InlineData("importlib", "import_module")]
    [InlineData("runpy", "_run_code")]
    [InlineData("torch", "load")]
    [InlineData("torch.hub", "load")]
    [InlineData("torch._utils", "_rebuild_qtensor")]
    [InlineData("torch.serialization", "load")]
    [InlineData("collections", "defaultdict")]
    [InlineData("collections.OrderedDict", "")]
    [InlineData("torch", "floatStorage")]
    public void A_global_is_refused_by_name(string module, string name)
    {
        AssertRefused(new PickleBuilder().Global(module, name).Text("echo run > /tmp/run").Raw(0x85).Op('R').Stop(),
            $"the global '{module}.{name}' is refused");
        AssertRefused(new PickleBuilder().Text(module).Text(name).Raw(0x93).Stop(), $"the global '{module}.{name}' is refused");
    }

    [Theory]
    [InlineData((byte)'i', "INST")]
    [InlineData((byte)'o', "OBJ")]
    [InlineData(0x92, "NEWOBJ_EX")]
    [InlineData(0x82, "EXT1")]
    [InlineData(0x83, "EXT2")]
    [InlineData(0x84, "EXT4")]
    [InlineData((byte)'P', "PERSID")]
    [InlineData((byte)'2', "DUP")]
    [InlineData((byte)'I', "INT")]
    [InlineData((byte)'S', "STRING")]
    [InlineData((byte)'g', "GET")]
    [InlineData((byte)'p', "PUT")]
    [InlineData(0x8b, "LONG4")]
    [InlineData(0x8e, "BINBYTES8")]
    [InlineData(0x91, "FROZENSET")]
    [InlineData(0x97, "NEXT_BUFFER")]
    public void An_opcode_that_no_state_dict_needs_is_refused_by_name(byte opcode, string name) =>
        AssertRefused(new PickleBuilder().Raw(opcode).Stop(), $"the opcode {name} is refused");

    [Fact]
    public void A_byte_that_is_no_opcode_is_refused() => AssertRefused(new PickleBuilder().Raw(0xff).Stop(), "0xff is no opcode");

    [Fact]
    public void Calling_a_storage_type_or_a_text_is_refused()
    {
        AssertRefused(new PickleBuilder().Global("torch", "FloatStorage").Op(')').Op('R').Stop(), "torch.FloatStorage is not to be called");
        AssertRefused(new PickleBuilder().Text("os.system").Op(')').Op('R').Stop(), "REDUCE needs a function");
        AssertRefused(new PickleBuilder().Global("collections", "OrderedDict").Op('}').Op('b').Stop(), "BUILD is refused");
        AssertRefused(new PickleBuilder().Global("collections", "OrderedDict").Op(')').Raw(0x81).Stop(), "NEWOBJ is refused");
    }

    [Theory]
    [InlineData(')', "more than 65536 objects")]
    [InlineData('(', "more than 65536 marks")]
    [InlineData(']', "would take more memory")]
    [InlineData('}', "would take more memory")]
    public void A_million_objects_are_refused_early(char opcode, string expected)
    {
        byte[] million = new byte[1_000_000];
        Array.Fill(million, (byte)opcode);
        AssertRefused(new PickleBuilder().Raw(million).Stop(), expected);
    }

    [Fact]
    public void Filling_the_memo_or_dropping_objects_does_not_get_around_the_budget()
    {
        byte[] dropped = [.. Enumerable.Repeat<byte[]>([(byte)'}', (byte)'0'], 500_000).SelectMany(pair => pair)];
        AssertRefused(new PickleBuilder().Raw(dropped).Stop(), "would take more memory");
        byte[] kept = [.. Enumerable.Range(0, 200_000).SelectMany(i => (byte[])[(byte)'r', .. BitConverter.GetBytes(i)])];
        AssertRefused(new PickleBuilder().Op('N').Raw(kept).Stop(), "would take more memory");
    }

    [Fact]
    public void An_archive_of_thirty_thousand_entries_is_refused_early()
    {
        byte[] archive = CheckpointFolder.Zip(Enumerable.Range(0, 30_000).Select(i => ($"{i}", Array.Empty<byte>())));
        using CheckpointFolder folder = new CheckpointFolder().With(Checkpoint.PyTorch, archive);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("would take more memory", folder.OpenFails().Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * archive.Length);
    }

    [Fact]
    public void A_dict_that_holds_itself_ends_in_an_error()
    {
        byte[] pickle = new PickleBuilder().Op('}').Raw((byte)'q', 0).Text("state_dict").Raw((byte)'h', 0).Op('s').Stop();
        AssertRefused(pickle, "holds a dict without tensors (its keys: 'state_dict')");
    }

    [Theory]
    [InlineData("", "1 bytes are wanted, 0 are left")]
    [InlineData(".", "STOP comes before")]
    [InlineData("NN.", "STOP comes before")]
    [InlineData("(N.", "STOP comes before")]
    [InlineData("0", "the stack is empty")]
    [InlineData("N(0", "the stack is empty")]
    [InlineData("t", "there is no mark")]
    [InlineData("\u0086", "a tuple wants more objects")]
    [InlineData("Na", "there is no list")]
    [InlineData("](NNs", "there is no dict")]
    [InlineData("}(Nu", "there is no dict")]
    [InlineData("}NNs", "a dict's key is neither a text nor a number")]
    [InlineData("h\u0007", "memo 7 was never written")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff", "4294967295 bytes are wanted")]
    [InlineData("X\u0001\u0000\u0000\u0000\u00ff", "a text is not UTF-8")]
    [InlineData("cos", "a global's name does not end")]
    [InlineData("\u0080\u0009", "protocol 9 is not known")]
    [InlineData("\u0095\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "a frame is longer than the file")]
    [InlineData("NQ", "a persistent id is no whole storage")]
    public void Broken_code_is_refused_with_the_reason(string opcodes, string expected) =>
        AssertRefused(new PickleBuilder().Raw(System.Text.Encoding.Latin1.GetBytes(opcodes)).ToArray(), expected);

    [Fact]
    public void A_key_that_is_there_twice_is_refused() =>
        AssertRefused(new PickleBuilder().Op('}').Op('(').Text("a").Number(1).Text("a").Number(2).Op('u').Stop(), "the key 'a' is there twice");

    [Fact]
    public void The_format_before_zip_is_as_strict()
    {
        byte[] legacy = [.. LegacyHead(), .. new PickleBuilder().Global("os", "system").Stop()];
        using CheckpointFolder folder = new CheckpointFolder().With(Checkpoint.PyTorch, legacy);
        Assert.Contains("the global 'os.system' is refused", folder.OpenFails().Message, StringComparison.Ordinal);
    }

    internal static byte[] LegacyHead() =>
    [
        .. new PickleBuilder().Raw(0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19).Stop(),
        .. new PickleBuilder().Number(1001).Stop(),
        .. new PickleBuilder().Op('}').Text("little_endian").Raw(0x88).Op('s').Stop(),
    ];

    private static void AssertRefused(byte[] pickle, string expected)
    {
        using CheckpointFolder folder = new CheckpointFolder().WithTorchZip(pickle);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(expected, folder.OpenFails().Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024 + 2 * pickle.Length);
    }
}
