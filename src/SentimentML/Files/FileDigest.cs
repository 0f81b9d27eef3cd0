using System.Security.Cryptography;

namespace SentimentML.Files;

/// <summary>SHA-256, in hexadecimal digits.</summary>
internal static class FileDigest
{
    private const int BufferSize = 1 << 20;

    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The digest of a whole file.</summary>
    public static string Of(string path, CancellationToken cancellation)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        return Of(file, [(0, file.Length)], cancellation);
    }

    /// <summary>The digest of parts of a file, one after the other; of a file that has become shorter, of what is left.</summary>
    public static string Of(FileStream file, ReadOnlySpan<(long Start, long End)> parts, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        foreach ((long start, long end) in parts)
        {
            file.Position = start;
            for (long left = end - start; left > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                int read = file.Read(buffer, 0, (int)Math.Min(left, BufferSize));
                if (read == 0)
                    break;
                hash.AppendData(buffer, 0, read);
                left -= read;
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
