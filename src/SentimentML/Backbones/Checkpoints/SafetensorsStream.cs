using System.Buffers.Binary;
using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// Fills a network from a safetensors file that comes as a stream, such as out of a zip: each tensor goes straight to its
/// place, so that there is never a second copy of the weights.
/// </summary>
internal static unsafe class SafetensorsStream
{
    private const int PieceLength = 1 << 20;

    /// <param name="stream">The file, from its first byte.</param>
    /// <param name="path">For messages.</param>
    /// <param name="parameters">The network's parameters by name; the file has to hold each of them as floats, and nothing else.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ModelFileException">The file is damaged, or not of this network.</exception>
    public static LoadReport Load(
        Stream stream, string path, IReadOnlyDictionary<string, Destination> parameters, CancellationToken cancellationToken = default)
    {
        try
        {
            Span<byte> lengthBytes = stackalloc byte[sizeof(long)];
            stream.ReadExactly(lengthBytes);
            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
            // What the names and shapes of the parameters can take, and no more: the length comes from outside.
            if (headerLength > (ulong)Math.Min(SafetensorsReader.MaxHeader, 4096L + 1024L * parameters.Count))
                throw new ModelFileException($"{path}: the header of the weights would have {headerLength} bytes. The file is damaged: save the model again.");
            byte[] header = new byte[(int)headerLength];
            stream.ReadExactly(header);
            List<SafetensorsReader.Entry> entries = SafetensorsReader.ReadHeader(path, header, new MemoryBudget(path, header.Length), out _);
            Check(entries, path, parameters);
            foreach (SafetensorsReader.Entry entry in entries)
                Fill(stream, parameters[entry.Name].Data, entry.End - entry.Begin, cancellationToken);
            return new LoadReport
            {
                Loaded = [.. entries.Select(entry => entry.Name)],
                NewlyInitialized = [],
                Mismatched = [],
                Unexpected = [],
                Missed = [],
                Ignored = [],
                Renamed = [],
            };
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw new ModelFileException($"{path}: the weights are cut off or damaged. Save the model again.", e);
        }
    }

    private static void Check(List<SafetensorsReader.Entry> entries, string path, IReadOnlyDictionary<string, Destination> parameters)
    {
        foreach (SafetensorsReader.Entry entry in entries)
        {
            if (!parameters.TryGetValue(entry.Name, out Destination parameter) || entry.Dtype != CheckpointDtype.F32
                || !entry.Shape.AsSpan().SequenceEqual(parameter.Shape))
                throw new ModelFileException($"{path}: the weights hold {Quoted.Name(entry.Name)} as {entry.Dtype} "
                    + $"{TensorShape.Format(entry.Shape.AsSpan())}, which does not fit config.json. The file is damaged: save the model again.");
        }
        string[] missing = [.. parameters.Keys.Except(entries.Select(entry => entry.Name))];
        if (missing.Length > 0)
            throw new ModelFileException($"{path}: the weights lack {string.Join(", ", missing)}. The file is damaged: save the model again.");
    }

    private static void Fill(Stream stream, float* destination, long bytes, CancellationToken cancellationToken)
    {
        for (long at = 0; at < bytes; at += PieceLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            stream.ReadExactly(new Span<byte>((byte*)destination + at, (int)Math.Min(PieceLength, bytes - at)));
        }
    }
}
