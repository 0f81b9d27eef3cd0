using System.Text;
using SentimentML.Files;
using SentimentML.Reviews;

namespace SentimentML.Sharding;

/// <summary>The digest of what a shard reads of an input: of its bytes, and of Parquet of the footer too.</summary>
internal static class RangeDigest
{
    /// <summary>The digests of a whole input and of what each range reads of it, in one reading.</summary>
    public static (string Whole, string[] Ranges) Of(ReviewFile file, IReadOnlyList<ShardRange> ranges, CancellationToken cancellation)
    {
        using FileStream stream = file.OpenFile();
        string[] digests = FileDigest.Of(stream, [(0, stream.Length), Footer(file, stream), .. ranges.Select(range => (range.Start, range.End))], cancellation);
        return (digests[0], [.. digests.Skip(2).Select(own => Combined(file, own, digests[1]))]);
    }

    /// <summary>The digest of what one range reads.</summary>
    public static string Of(ReviewFile file, ShardRange range, CancellationToken cancellation)
    {
        using FileStream stream = file.OpenFile();
        string[] digests = FileDigest.Of(stream, [(range.Start, range.End), Footer(file, stream)], cancellation);
        return Combined(file, digests[0], digests[1]);
    }

    private static bool HasFooter(ReviewFile file) => file.Format == ReviewFileFormat.Parquet && file.WhyWhole is null;

    private static (long Start, long End) Footer(ReviewFile file, FileStream stream) => HasFooter(file) ? (ParquetFooter.Start(stream), stream.Length) : (0, 0);

    private static string Combined(ReviewFile file, string own, string footer) => HasFooter(file) ? FileDigest.Of(Encoding.ASCII.GetBytes(own + footer)) : own;
}
