using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// Reads a safetensors file's header and checks it as the reference implementation does
/// (github.com/huggingface/safetensors, tensor.rs): after an 8-byte length a JSON object of tensors whose data fill the
/// rest of the file without a gap or an overlap.
/// </summary>
internal static class SafetensorsReader
{
    /// <summary>The reference's own limit.</summary>
    internal const long MaxHeader = 100_000_000;

    internal readonly record struct Entry(string Name, CheckpointDtype Dtype, ImmutableArray<long> Shape, long Begin, long End);

    /// <exception cref="ModelFileException">The file is no sound safetensors file.</exception>
    public static List<CheckpointTensor> Read(MappedFile file)
    {
        long headerLength = HeaderLength(file);
        long dataStart = sizeof(long) + headerLength;
        List<Entry> entries = ReadHeader(file.Path, file.Span(sizeof(long), headerLength), new MemoryBudget(file.Path, file.Length), out long dataLength);
        if (dataLength != file.Length - dataStart)
            throw new ModelFileException($"{file.Path}: the tensors take {dataLength} bytes, the file has {file.Length - dataStart} for them. It is cut off "
                + "or damaged: download it again.");
        return PackedTensor.Unite(entries.ConvertAll(e => new CheckpointTensor(e.Name, e.Dtype, e.Shape, file, dataStart + e.Begin)), file);
    }

    /// <summary>The tensors that a header names, in the order of their data.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="header">What stands between the 8-byte length and the data.</param>
    /// <param name="budget">What the header may take in memory.</param>
    /// <param name="dataLength">Bytes that the tensors take together.</param>
    internal static List<Entry> ReadHeader(string path, ReadOnlySpan<byte> header, MemoryBudget budget, out long dataLength)
    {
        if (header is not [(byte)'{', ..])
            throw new ModelFileException($"{path}: the header does not start with '{{', so this is no safetensors file. Download it again.");
        var entries = new List<Entry>();
        HeaderJson.Read(path, header, (ref Utf8JsonReader json) => ReadEntries(ref json, path, entries, budget));
        dataLength = CheckLayout(path, entries);
        return entries;
    }

    private static long HeaderLength(MappedFile file)
    {
        if (file.Length < sizeof(long))
            throw new ModelFileException(
                $"{file.Path} has {file.Length} bytes; a safetensors file starts with an 8-byte length. It is cut off: download it again.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, sizeof(long)));
        if (length > MaxHeader)
            throw new ModelFileException($"{file.Path}: the header would have {length} bytes, {MaxHeader} are allowed. This is no safetensors file, or a "
                + "damaged one: download it again.");
        if ((long)length > file.Length - sizeof(long))
            throw new ModelFileException($"{file.Path}: the header would have {length} bytes, the file has {file.Length}. It is cut off: download it again.");
        return (long)length;
    }

    private static void ReadEntries(ref Utf8JsonReader json, string path, List<Entry> entries, MemoryBudget budget)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (HeaderJson.NextProperty(ref json, seen, path, budget) is { } name)
        {
            HeaderJson.Expect(ref json, JsonTokenType.StartObject, path, "the value", name);
            if (name == "__metadata__")
                CheckMetadata(ref json, path, budget);
            else
                entries.Add(ReadEntry(ref json, path, name, budget));
        }
    }

    /// <summary>Free text by name, which says nothing that loading needs; the format wants strings.</summary>
    private static void CheckMetadata(ref Utf8JsonReader json, string path, MemoryBudget budget)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (HeaderJson.NextProperty(ref json, seen, path, budget) is { } key)
            HeaderJson.Expect(ref json, JsonTokenType.String, path, "the metadata", key);
    }

    private static Entry ReadEntry(ref Utf8JsonReader json, string path, string name, MemoryBudget budget)
    {
        budget.Spend(MemoryBudget.Tensor);
        CheckpointDtype? dtype = null;
        ImmutableArray<long> shape = default, offsets = default;
        bool dtypeSeen = false, shapeSeen = false, offsetsSeen = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            if (json.ValueTextEquals("dtype"u8) && Once(ref dtypeSeen))
                dtype = ReadDtype(ref json, path, name);
            else if (json.ValueTextEquals("shape"u8) && Once(ref shapeSeen))
                shape = ReadNumbers(ref json, path, name, "the shape");
            else if (json.ValueTextEquals("data_offsets"u8) && Once(ref offsetsSeen))
                offsets = ReadNumbers(ref json, path, name, "the data_offsets");
            else
                throw new ModelFileException($"{path}: {Quoted.Name(name)} has {Quoted.Name(json.ValueSpan)} twice or where dtype, shape and data_offsets are "
                    + "expected. The file is damaged or forged: download it again.");
        }
        if (dtype is null || shape.IsDefault || offsets is not { IsDefault: false, Length: 2 })
            throw new ModelFileException(
                $"{path}: {Quoted.Name(name)} needs dtype, shape and data_offsets of two numbers. The file is damaged: download it again.");
        budget.Spend(sizeof(long) * (long)shape.Length);
        return new Entry(name, dtype.Value, shape, offsets[0], offsets[1]);
    }

    private static bool Once(ref bool seen) => !seen && (seen = true);

    private static CheckpointDtype ReadDtype(ref Utf8JsonReader json, string path, string name)
    {
        HeaderJson.Expect(ref json, JsonTokenType.String, path, "the dtype", name);
        return CheckpointDtypes.TryParse(json.ValueSpan, out CheckpointDtype dtype)
            ? dtype
            : throw new ModelFileException($"{path}: {Quoted.Name(name)} has the dtype {Quoted.Name(json.ValueSpan)}; known are "
                + $"{string.Join(", ", Enum.GetNames<CheckpointDtype>())}. Save the model in one of these.");
    }

    private static ImmutableArray<long> ReadNumbers(ref Utf8JsonReader json, string path, string name, string what)
    {
        HeaderJson.Expect(ref json, JsonTokenType.StartArray, path, what, name);
        Span<long> numbers = stackalloc long[TensorShape.MaxRank];
        int count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (count == numbers.Length)
                throw new ModelFileException($"{path}: {what} of {Quoted.Name(name)} has more than {numbers.Length} numbers.");
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out numbers[count++]) || numbers[count - 1] < 0)
                throw new ModelFileException($"{path}: {what} of {Quoted.Name(name)} holds {Quoted.Name(json.ValueSpan)}, expected whole numbers from 0 on. "
                    + "The file is damaged: download it again.");
        }
        return [.. numbers[..count]];
    }

    private static long CheckLayout(string path, List<Entry> entries)
    {
        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long end = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Begin != end || entry.End < entry.Begin)
                throw new ModelFileException($"{path}: {Quoted.Name(entry.Name)} lies at bytes {entry.Begin} to {entry.End} of the data, and the tensor "
                    + $"before it ends at {end}: tensors may neither overlap nor leave a hole. The file is damaged: download it again.");
            if (!TensorShape.TryCount(entry.Shape.AsSpan(), entry.Dtype, out _, out long bytes) || bytes != entry.End - entry.Begin)
                throw new ModelFileException($"{path}: {Quoted.Name(entry.Name)} is {entry.Dtype} {TensorShape.Format(entry.Shape.AsSpan())}, which does not "
                    + $"take the {entry.End - entry.Begin} bytes given to it. The file is damaged: download it again.");
            end = entry.End;
        }
        return end;
    }
}
