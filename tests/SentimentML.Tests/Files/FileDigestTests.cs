using System.Security.Cryptography;
using SentimentML.Files;

namespace SentimentML.Tests.Files;

public sealed class FileDigestTests : IDisposable
{
    private const int Size = 3_000_000; // several buffers

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _content = new byte[Size];

    public FileDigestTests()
    {
        new Random(1).NextBytes(_content);
        _folder.With("a", _content);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parts_may_overlap_be_empty_and_come_in_any_order()
    {
        (long Start, long End)[] parts =
            [(0, Size), (2_500_000, Size), (0, 0), (100, 1_500_000), (1_400_000, 2_600_000), (1_500_000, 1_500_000), (Size, Size), (7, 8)];
        Assert.Equal(parts.Select(part => Digest(part.Start, part.End)), Digests(parts));
    }

    [Fact]
    public void Random_parts_have_the_digests_of_their_bytes()
    {
        var random = new Random(2);
        for (int i = 0; i < 20; i++)
        {
            (long Start, long End)[] parts =
                [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => ((long)random.Next(Size), (long)random.Next(Size)))
                    .Select(p => (Math.Min(p.Item1, p.Item2), Math.Max(p.Item1, p.Item2)))];
            Assert.Equal(parts.Select(part => Digest(part.Start, part.End)), Digests(parts));
        }
    }

    [Fact]
    public void Of_a_file_that_is_shorter_the_rest_is_taken() =>
        Assert.Equal([Digest(2_000_000, Size), Digest(0, 0), Digest(5, 9)], Digests([(2_000_000, Size + 10), (Size + 5, Size + 20), (5, 9)]));

    private string Digest(long start, long end) => Convert.ToHexStringLower(SHA256.HashData(_content.AsSpan((int)start, (int)(end - start))));

    private string[] Digests((long Start, long End)[] parts)
    {
        using FileStream file = File.OpenRead(_folder.At("a"));
        return FileDigest.Of(file, parts, TestContext.Current.CancellationToken);
    }
}
