using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SentimentML.Files;
using SentimentML.Torch;

namespace SentimentML.Inference;

/// <summary>
/// Keeps the ranges of an int8 engine's activations for the next start with the same model on the same kind of processor: measuring them takes a third
/// of a start. Ranges that are read back give the same answers, bit for bit.
/// </summary>
/// <param name="folder">The folder of all models' ranges, which only this user can write to.</param>
/// <param name="model">The digest of the model's files.</param>
internal sealed class RangeCache(string folder, string model)
{
    /// <summary>Changes whenever the same model would get other ranges.</summary>
    private const string Format = "1";

    /// <summary>The processor's features that decide how the kernels round, and so what the ranges are.</summary>
    private static readonly string Kind = string.Concat(
        ((bool[])[Processor.HasVnni, Processor.HasAvx512BFloat16, Processor.HasAmxBFloat16, Processor.HasAmxInt8]).Select(has => has ? '1' : '0'));

    private readonly string _path = Path.Combine(folder, $"{Format}-{model}-{Kind}-{TorchThreads.Count()}.ranges");

    /// <summary>The user's cache.</summary>
    /// <param name="model">The digest of the model's files.</param>
    public static RangeCache OfUser(string model) => new(CacheFolder.Open("int8"), model);

    /// <summary>Reads what was kept.</summary>
    /// <param name="bounds">Filled if the answer is true.</param>
    /// <returns>False if nothing is kept, or what is kept is damaged.</returns>
    public bool TryRead(Span<float> bounds)
    {
        Span<byte> numbers = MemoryMarshal.AsBytes(bounds);
        byte[] content;
        try
        {
            content = File.ReadAllBytes(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // not there, as a rule
        }
        if (content.Length != numbers.Length + SHA256.HashSizeInBytes
            || !SHA256.HashData(content.AsSpan(..numbers.Length)).AsSpan().SequenceEqual(content.AsSpan(numbers.Length)))
            return false;
        for (int i = 0; i < bounds.Length; i++)
            bounds[i] = BinaryPrimitives.ReadSingleLittleEndian(content.AsSpan(i * sizeof(float)));
        return true;
    }

    /// <summary>Keeps ranges. If they cannot be written, the next start measures them again.</summary>
    public void Write(ReadOnlySpan<float> bounds)
    {
        byte[] content = new byte[bounds.Length * sizeof(float) + SHA256.HashSizeInBytes];
        for (int i = 0; i < bounds.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(content.AsSpan(i * sizeof(float)), bounds[i]);
        SHA256.HashData(content.AsSpan(..^SHA256.HashSizeInBytes), content.AsSpan(^SHA256.HashSizeInBytes..));
        try
        {
            WholeFile.Write(_path, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk does not keep a model from answering.
        }
    }
}
