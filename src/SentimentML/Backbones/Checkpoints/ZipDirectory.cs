using System.Buffers.Binary;
using System.Text;
using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// Where the entries of a zip file lie, for reading them in place: torch.save stores without compression.
/// Zip64 is read; encryption and compression are refused when an entry is asked for.
/// </summary>
internal sealed class ZipDirectory
{
    private const int MaxEntries = 1 << 15;
    private const int EndLength = 22, LocatorLength = 20, End64Length = 56, CentralLength = 46, LocalLength = 30;
    private const uint EndSignature = 0x06054b50, LocatorSignature = 0x07064b50, End64Signature = 0x06064b50,
        CentralSignature = 0x02014b50, LocalSignature = 0x04034b50;
    private const ushort Zip64Extra = 1;

    private readonly record struct Entry(ushort Flags, ushort Method, long Compressed, long Length, long HeaderAt);

    private readonly MappedFile _file;
    private readonly MemoryBudget _budget;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <exception cref="ModelFileException">The directory is cut off or damaged.</exception>
    public ZipDirectory(MappedFile file, MemoryBudget budget)
    {
        _file = file;
        _budget = budget;
        (long at, long length, long count) = FindDirectory();
        if (count > MaxEntries)
            throw Fault($"it would hold {count} entries; {MaxEntries} are allowed");
        ReadOnlySpan<byte> directory = file.Span(at, length);
        for (long i = 0; i < count; i++)
            directory = directory[ReadEntry(directory)..];
    }

    public IEnumerable<string> Names => _entries.Keys;

    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>The bytes of a stored entry: their place in the file.</summary>
    public (long Offset, long Length) Locate(string name)
    {
        if (!_entries.TryGetValue(name, out Entry entry))
            throw Fault($"the entry {Quoted.Name(name)} is missing");
        if (entry.Method != 0 || (entry.Flags & 1) != 0 || entry.Compressed != entry.Length)
            throw new ModelFileException($"{_file.Path}: the entry {Quoted.Name(name)} is compressed or encrypted, which torch.save never does. Unpack the "
                + "archive and pack it again without compression (zip -0), or save the model again.");

        ReadOnlySpan<byte> header = _file.Span(entry.HeaderAt, LocalLength);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature)
            throw Fault($"there is no entry at byte {entry.HeaderAt}, where {Quoted.Name(name)} should be");
        int nameLength = U16(header, 26), extraLength = U16(header, 28);
        if (!_file.Span(entry.HeaderAt + LocalLength, nameLength).SequenceEqual(Encoding.UTF8.GetBytes(name)))
            throw Fault($"the entry {Quoted.Name(name)} has another name at its place");
        long offset = entry.HeaderAt + LocalLength + nameLength + extraLength;
        if (offset > _file.Length - entry.Length)
            throw Fault($"the entry {Quoted.Name(name)} reaches beyond the file");
        return (offset, entry.Length);
    }

    private (long At, long Length, long Count) FindDirectory()
    {
        long endAt = FindEnd();
        ReadOnlySpan<byte> end = _file.Span(endAt, EndLength);
        (long at, long length, long count) = (U32(end, 16), U32(end, 12), U16(end, 10));
        if (U16(end, 4) is not (0 or ushort.MaxValue) || U16(end, 8) != U16(end, 10))
            throw Fault("archives over several files are refused");
        long locatorAt = endAt - LocatorLength;
        if (locatorAt >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(_file.Span(locatorAt, 4)) == LocatorSignature)
        {
            ReadOnlySpan<byte> end64 = _file.Span(I64(_file.Span(locatorAt, LocatorLength), 8), End64Length);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end64) != End64Signature)
                throw Fault("the zip64 end record is missing");
            (at, length, count) = (I64(end64, 48), I64(end64, 40), I64(end64, 32));
        }
        if (at > endAt - length)
            throw Fault("its directory reaches beyond its end record");
        return (at, length, count);
    }

    /// <summary>The end record is the last thing in the file but for a comment, whose length it knows.</summary>
    private long FindEnd()
    {
        long tailLength = Math.Min(_file.Length, EndLength + ushort.MaxValue);
        ReadOnlySpan<byte> tail = _file.Span(_file.Length - tailLength, tailLength);
        for (int i = tail.Length - EndLength; i >= 0; i--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[i..]) == EndSignature && U16(tail[i..], 20) == tail.Length - EndLength - i)
                return _file.Length - tailLength + i;
        }
        throw Fault("its directory is missing");
    }

    private int ReadEntry(ReadOnlySpan<byte> directory)
    {
        if (directory.Length < CentralLength || BinaryPrimitives.ReadUInt32LittleEndian(directory) != CentralSignature)
            throw Fault("its directory ends early");
        int nameLength = U16(directory, 28), extraLength = U16(directory, 30), commentLength = U16(directory, 32);
        int total = CentralLength + nameLength + extraLength + commentLength;
        if (directory.Length < total)
            throw Fault("its directory ends early");
        _budget.Spend(MemoryBudget.Tensor + 2L * nameLength);
        string name = Encoding.UTF8.GetString(directory.Slice(CentralLength, nameLength));
        long compressed = U32(directory, 20), length = U32(directory, 24), headerAt = U32(directory, 42);
        ReadZip64(directory.Slice(CentralLength + nameLength, extraLength), ref length, ref compressed, ref headerAt);
        if (!_entries.TryAdd(name, new Entry(U16(directory, 8), U16(directory, 10), compressed, length, headerAt)))
            throw Fault($"the entry {Quoted.Name(name)} is there twice");
        return total;
    }

    /// <summary>Where a 32-bit field is full, the extra block has the number in 64 bits: of those fields alone, in this order.</summary>
    private void ReadZip64(ReadOnlySpan<byte> extra, ref long length, ref long compressed, ref long headerAt)
    {
        while (extra.Length >= 4)
        {
            int id = U16(extra, 0), size = U16(extra, 2);
            if (size > extra.Length - 4)
                throw Fault("an extra block reaches beyond its entry");
            if (id == Zip64Extra)
            {
                ReadOnlySpan<byte> numbers = extra.Slice(4, size);
                Widen(ref length, ref numbers);
                Widen(ref compressed, ref numbers);
                Widen(ref headerAt, ref numbers);
            }
            extra = extra[(4 + size)..];
        }
    }

    private void Widen(ref long field, ref ReadOnlySpan<byte> numbers)
    {
        if (field != uint.MaxValue)
            return;
        if (numbers.Length < sizeof(long))
            throw Fault("a zip64 block is too short");
        field = I64(numbers, 0);
        numbers = numbers[sizeof(long)..];
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private long I64(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]) is var value and >= 0 ? value : throw Fault("a number is beyond 63 bits");

    private ModelFileException Fault(string what) => new($"{_file.Path} is a damaged zip archive: {what}. Get the file again.");
}
