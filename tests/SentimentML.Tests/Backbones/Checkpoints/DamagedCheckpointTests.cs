using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;

namespace SentimentML.Tests.Backbones.Checkpoints;

/// <summary>
/// Checkpoints cut, with bits turned, numbers changed, keys doubled and bytes put in: each ends in an error that says what
/// is wrong, or loads into the network; never anything else, never long, and never in more memory than twice the file.
/// </summary>
public sealed class DamagedCheckpointTests : IDisposable
{
    /// <summary>What an exception, its stack trace and the runtime's first use of a method take, whatever the file's size.</summary>
    private const long Overhead = 256 * 1024;

    private static readonly long[] AbsurdNumbers =
        [0, 1, -1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 40, 100_000_001, 99_999_999, 0x7fff, 0xffff];

    private readonly CheckpointFolder _folder = new();
    private readonly Parameters _network;

    public DamagedCheckpointTests()
    {
        using Checkpoint whole = Checkpoint.Open(ModelFiles.InFolder(Shared.Golden("tiny_mlm")));
        _network = new Parameters(whole.Tensors.Values.Select(tensor => (tensor.Name, tensor.Shape.ToArray())));
    }

    public void Dispose()
    {
        _network.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Safetensors()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Shared.Golden("tiny_mlm"), "model.safetensors"));
        int header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        Damage("model.safetensors", whole, [0..8, 8..header], text: 8..header, seed: 1);
    }

    [Fact]
    public void PyTorch_zip()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Shared.Golden("tiny_mlm"), "pytorch_model.bin"));
        int pickle = whole.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x80, 2]);
        int pickleEnd = whole.AsSpan(pickle).IndexOf("PK"u8) + pickle;
        int directory = whole.AsSpan().IndexOf("PK\u0001\u0002"u8);
        Damage("pytorch_model.bin", whole, [0..pickle, pickle..pickleEnd, directory..whole.Length, (whole.Length - 120)..whole.Length], text: pickle..pickleEnd,
            seed: 2);
    }

    [Fact]
    public void PyTorch_before_zip()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Shared.Golden("tiny_mlm"), "pytorch_model.legacy.bin"));
        const int head = 137, pickleEnd = 12108, keysEnd = 13334;
        Assert.Equal((byte)'.', whole[keysEnd - 1]);
        Damage("pytorch_model.legacy.bin", whole, [0..head, head..pickleEnd, pickleEnd..keysEnd, keysEnd..(keysEnd + 8)], text: head..pickleEnd, seed: 3);
    }

    [Fact]
    public void The_index_of_shards()
    {
        string golden = Shared.Golden("tiny_mlm_sharded");
        foreach (string shard in Directory.GetFiles(golden, "*.safetensors"))
            File.Copy(shard, _folder.PathOf(Path.GetFileName(shard)));
        byte[] whole = File.ReadAllBytes(Path.Combine(golden, Checkpoint.SafetensorsIndex));
        Damage(Checkpoint.SafetensorsIndex, whole, [0..whole.Length], text: 0..whole.Length, seed: 4);
    }

    private void Damage(string name, byte[] whole, Range[] structure, Range text, int seed)
    {
        const int count = 400;
        var random = new Random(seed);
        string path = _folder.PathOf(name);
        File.WriteAllBytes(path, whole);
        Assert.Null(TryLoad(name, FolderBytes()));

        int refused = 0;
        for (int i = 0; i < count; i++)
        {
            (string what, byte[] damaged) = Mutate(whole, structure, text, random);
            File.WriteAllBytes(path, damaged);
            try
            {
                if (TryLoad(name, FolderBytes()) is not null)
                    refused++;
            }
            catch (Exception e)
            {
                string kept = Path.Combine(Path.GetTempPath(), $"damaged-{seed}-{i}-{name}");
                File.Copy(path, kept, overwrite: true);
                Assert.Fail($"damage {i} of seed {seed} ({what}), kept as {kept}: {e}");
            }
        }
        Assert.InRange(refused, count / 4, count); // else the damage hits nothing
    }

    private long FolderBytes() => Directory.GetFiles(_folder.Path).Sum(file => new FileInfo(file).Length);

    /// <summary>Null when the checkpoint loads; else the error, which must be one for people.</summary>
    private SentimentMLException? TryLoad(string name, long folderBytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        SentimentMLException? error = null;
        try
        {
            using Checkpoint checkpoint = Checkpoint.Open(_folder.Files, name);
            CopyAll(checkpoint, folderBytes);
            CheckpointLoading.Load(checkpoint, _network.Destinations, Architectures.For("roberta").Names);
        }
        catch (SentimentMLException e)
        {
            error = e;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20), $"took {Stopwatch.GetElapsedTime(start)}");
        Assert.True(allocated <= Math.Max(2 * folderBytes, Overhead),
            $"{allocated} bytes were allocated for {folderBytes} in the folder; the error: {error?.Message}");
        if (error is not null)
            Assert.InRange(error.Message.Length, 20, 2000);
        return error;
    }

    /// <summary>Whatever opens can be read, in no more memory than the file's elements take as floats.</summary>
    private static unsafe void CopyAll(Checkpoint checkpoint, long folderBytes)
    {
        foreach (CheckpointTensor tensor in checkpoint.Tensors.Values)
        {
            Assert.True(tensor.Count * tensor.Dtype.Size() <= folderBytes, $"{tensor.Name} has {tensor.Count} elements");
            var destination = (float*)NativeMemory.Alloc((nuint)tensor.Count, sizeof(float));
            tensor.CopyTo(destination, tensor.Count);
            NativeMemory.Free(destination);
        }
    }

    private static (string What, byte[] File) Mutate(byte[] whole, Range[] structure, Range text, Random random)
    {
        Range part = structure[random.Next(structure.Length)];
        (int offset, int length) = part.GetOffsetAndLength(whole.Length);
        int at = offset + random.Next(length);
        byte[] file = [.. whole];
        switch (random.Next(9))
        {
            case 0:
                int cut = random.Next(2) == 0 ? random.Next(whole.Length) : at;
                return ($"cut at {cut}", file[..cut]);
            case 1:
                for (int i = random.Next(1, 9); i > 0; i--)
                    file[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
                return ("bits anywhere", file);
            case 2:
                for (int i = random.Next(1, 4); i > 0; i--)
                    file[offset + random.Next(length)] ^= (byte)(1 << random.Next(8));
                return ($"bits in {part}", file);
            case 3:
                long absurd = AbsurdNumbers[random.Next(AbsurdNumbers.Length)];
                Span<byte> bytes = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(bytes, absurd);
                int width = Math.Min(1 << random.Next(4), file.Length - at);
                bytes[..width].CopyTo(file.AsSpan(at));
                return ($"{absurd} at {at} in {width} bytes", file);
            case 4:
                file[at] = (byte)random.Next(256);
                return ($"a byte at {at}", file);
            case 5:
                int removed = Math.Min(random.Next(1, 40), file.Length - at);
                return ($"{removed} bytes removed at {at}", [.. file[..at], .. file[(at + removed)..]]);
            case 6:
                int copied = Math.Min(random.Next(1, 400), file.Length - at);
                return ($"{copied} bytes doubled at {at}", [.. file[..at], .. file[at..(at + copied)], .. file[at..]]);
            case 7:
                return ("a key twice", DoubleKey(file, text, random));
            default:
                return ("an absurd number in the text", AbsurdDigits(file, text, random));
        }
    }

    /// <summary>Writes one tensor's name over another of the same length.</summary>
    private static byte[] DoubleKey(byte[] file, Range text, Random random)
    {
        (int offset, int length) = text.GetOffsetAndLength(file.Length);
        string content = Encoding.Latin1.GetString(file, offset, length);
        Match[] names = [.. Regex.Matches(content, "roberta[.][A-Za-z0-9._]+").Cast<Match>()];
        Match one = names[random.Next(names.Length)];
        Match[] others = [.. names.Where(name => name.Length == one.Length && name.Value != one.Value)];
        if (others.Length > 0)
            Encoding.Latin1.GetBytes(one.Value).CopyTo(file, offset + others[random.Next(others.Length)].Index);
        return file;
    }

    /// <summary>Puts digits over digits, of a JSON header or of a name in a pickle, and lengthens some of them.</summary>
    private static byte[] AbsurdDigits(byte[] file, Range text, Random random)
    {
        (int offset, int length) = text.GetOffsetAndLength(file.Length);
        int[] digits = [.. Enumerable.Range(offset, length).Where(i => char.IsAsciiDigit((char)file[i]))];
        for (int i = random.Next(1, 3); i > 0; i--)
            file[digits[random.Next(digits.Length)]] = (byte)("0123456789-.e\""[random.Next(14)]);
        if (random.Next(2) == 0)
            return file;
        int at = digits[random.Next(digits.Length)];
        string longer = random.Next(3) switch { 0 => "99999999", 1 => "18446744073709551616", _ => "000" };
        byte[] lengthened = [.. file[..at], .. Encoding.ASCII.GetBytes(longer), .. file[at..]];
        if (offset == 8) // a safetensors header knows its length
            BinaryPrimitives.WriteInt64LittleEndian(lengthened, length + longer.Length);
        return lengthened;
    }
}
