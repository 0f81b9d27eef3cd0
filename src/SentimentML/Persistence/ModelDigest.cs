using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;

namespace SentimentML.Persistence;

/// <summary>The digest of a model: of its zip and which network of it is meant, or of every file of its folder but its card.</summary>
internal static class ModelDigest
{
    private const int Piece = 1 << 22; // whole pages

    public static string Of(SavedModel model, CancellationToken cancellation) => model.IsZip
        ? FileDigest.Of(Encoding.UTF8.GetBytes($"{FileDigest.Of(model.Location, cancellation)} {model.Network}"))
        : Of(model.Files, cancellation);

    public static string Of(ModelFiles files, CancellationToken cancellation) =>
        Of(files, files.Names.Where(name => name != ModelParts.CardFile && name[0] != '.').Union(Checkpoint.FilesOf(files)), cancellation);

    /// <summary>The digest of what a network's parameters are read from: a zip, or a folder's weights and adapter.</summary>
    public static string OfWeights(SavedModel model, CancellationToken cancellation) => model.IsZip
        ? Of(model, cancellation)
        : Of(model.Files, Checkpoint.FilesOf(model.Files).Concat(PeftAdapter.FileNames.Where(model.Files.Contains)), cancellation);

    private static string Of(ModelFiles files, IEnumerable<string> names, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (string name in names)
        {
            using MappedFile file = files.Map(name);
            hash.AppendData(Encoding.UTF8.GetBytes(name + "\0"));
            BinaryPrimitives.WriteInt64LittleEndian(length, file.Length);
            hash.AppendData(length);
            hash.AppendData(DigestsOf(file, cancellation));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The digests of a file's pieces, computed over all cores: a start waits for them.</summary>
    private static byte[] DigestsOf(MappedFile file, CancellationToken cancellation)
    {
        byte[] digests = new byte[(file.Length + Piece - 1) / Piece * SHA256.HashSizeInBytes];
        Parallel.For(0, digests.Length / SHA256.HashSizeInBytes, new ParallelOptions { CancellationToken = cancellation }, piece =>
        {
            long at = (long)piece * Piece, length = Math.Min(Piece, file.Length - at);
            SHA256.HashData(file.Span(at, length), digests.AsSpan(piece * SHA256.HashSizeInBytes));
            file.ReleasePages(at, length);
        });
        return digests;
    }
}
