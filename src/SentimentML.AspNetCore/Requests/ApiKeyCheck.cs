using System.Security.Cryptography;
using System.Text;

namespace SentimentML.AspNetCore.Requests;

/// <summary>Compares the key that a request brings with the server's, in a time that says nothing about either.</summary>
internal sealed class ApiKeyCheck
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _expected;

    public ApiKeyCheck(string? key) => _expected = key is null ? null : Digest(key);

    public bool Allows(HttpRequest request)
    {
        if (_expected is null)
            return true;
        string given = request.Headers.Authorization.ToString();
        return given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Digest(given[Scheme.Length..]), _expected);
    }

    /// <summary>Digests have one length, whatever the keys' lengths are.</summary>
    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
