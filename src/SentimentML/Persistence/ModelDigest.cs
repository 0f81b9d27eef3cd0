using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SentimentML.Files;

namespace SentimentML.Persistence;

/// <summary>The digest of a model: of its zip, or of every file of its folder but its card.</summary>
internal static class ModelDigest
{
    private const int Piece = 1 << 26;

    public static string Of(SavedModel model, CancellationToken cancellation) =>
        model.IsZip ? FileDigest.Of(model.Location, cancellation) : Of(model.Files, cancellation);

    public static string Of(ModelFiles files, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (string name in files.Names.Where(name => name != ModelParts.CardFile && name[0] != '.'))
        {
            using MappedFile file = files.Map(name);
            hash.AppendData(Encoding.UTF8.GetBytes(name + "\0"));
            BinaryPrimitives.WriteInt64LittleEndian(length, file.Length);
            hash.AppendData(length);
            for (long at = 0; at < file.Length; at += Piece)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(file.Span(at, Math.Min(Piece, file.Length - at)));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
