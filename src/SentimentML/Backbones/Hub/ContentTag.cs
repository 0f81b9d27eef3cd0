using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SentimentML.Backbones.Hub;

/// <summary>
/// An ETag: the name of a blob in the cache, and on the hub also the hash of its content. Large files have their SHA-256,
/// small ones git's id of a blob; mirrors may use something else, which names the content and cannot check it.
/// </summary>
internal sealed partial record ContentTag
{
    private ContentTag(string name) => Name = name;

    /// <summary>Safe as a file name.</summary>
    public string Name { get; }

    /// <summary>Takes W/ and quotes off. Null when nothing remains that may become a file's name.</summary>
    public static ContentTag? TryParse(string? header)
    {
        if (header is null)
            return null;
        string name = header.Trim();
        if (name.StartsWith("W/", StringComparison.Ordinal))
            name = name[2..];
        name = name.Trim('"');
        return NamePattern().IsMatch(name) ? new ContentTag(name) : null;
    }

    /// <summary>The tag of a file that a mirror gives none for: it names the place of the content and cannot check it.</summary>
    public static ContentTag Unchecked(string place) => new("unchecked-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place))));

    /// <summary>Whether a file's content is the one that the tag names. A tag that is no hash agrees with everything.</summary>
    public async Task<bool> MatchesAsync(string path, CancellationToken cancellation)
    {
        if (Sha256Pattern().IsMatch(Name))
            return await HasHashAsync(path, HashAlgorithmName.SHA256, withGitHeader: false, cancellation).ConfigureAwait(false);
        if (Sha1Pattern().IsMatch(Name))
            return await HasHashAsync(path, HashAlgorithmName.SHA1, withGitHeader: true, cancellation).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> HasHashAsync(string path, HashAlgorithmName algorithm, bool withGitHeader, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        if (withGitHeader)
            hash.AppendData(Encoding.ASCII.GetBytes($"blob {file.Length}\0"));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            int read;
            while ((read = await file.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
                hash.AppendData(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == Name;
    }

    public override string ToString() => Name;

    // A first character that is no dot: neither "..", nor a hidden file, nor an empty name.
    [GeneratedRegex(@"\A[A-Za-z0-9_\-][A-Za-z0-9_.\-]{0,127}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256Pattern();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex Sha1Pattern();
}
