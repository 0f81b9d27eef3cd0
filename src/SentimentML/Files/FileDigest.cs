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
        return Of(file, [(0, file.Length)], cancellation)[0];
    }

    /// <summary>
    /// The digests of parts of a file, which may overlap, read from front to back once. Bytes of no part are not read. Of a file that has
    /// become shorter, the digests are those of what is left.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="parts">The first byte of each part, and the byte behind it.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>The digests, in the parts' order.</returns>
    public static string[] Of(FileStream file, IReadOnlyList<(long Start, long End)> parts, CancellationToken cancellation)
    {
        var digests = new string[parts.Count];
        var waiting = new Queue<int>(Enumerable.Range(0, parts.Count).OrderBy(part => parts[part].Start));
        var open = new List<(int Part, IncrementalHash Hash)>();
        var buffer = new byte[BufferSize];
        long at = 0;
        try
        {
            while (waiting.Count + open.Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                if (open.Count == 0)
                    at = Math.Max(at, parts[waiting.Peek()].Start);
                while (waiting.TryPeek(out int part) && parts[part].Start <= at)
                    open.Add((waiting.Dequeue(), IncrementalHash.CreateHash(HashAlgorithmName.SHA256)));
                long end = open.Min(one => parts[one.Part].End), next = waiting.TryPeek(out int first) ? parts[first].Start : long.MaxValue;
                int wanted = (int)Math.Clamp(Math.Min(end, next) - at, 0, BufferSize);
                int read = wanted == 0 ? 0 : RandomAccess.Read(file.SafeFileHandle, buffer.AsSpan(0, wanted), at);
                bool isOver = read == 0 && wanted > 0;
                at += read;
                foreach ((int part, IncrementalHash hash) in open)
                {
                    hash.AppendData(buffer, 0, read);
                    if (isOver || parts[part].End <= at)
                        digests[part] = Convert.ToHexStringLower(hash.GetHashAndReset());
                }
                open.RemoveAll(one =>
                {
                    bool isDone = digests[one.Part] is not null;
                    if (isDone)
                        one.Hash.Dispose();
                    return isDone;
                });
            }
        }
        finally
        {
            open.ForEach(one => one.Hash.Dispose());
        }
        return digests;
    }
}
