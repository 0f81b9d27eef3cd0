using SentimentML.Files;
using SentimentML.Reviews;

namespace SentimentML.Sharding;

/// <summary>The digest of what a shard reads of an input: its bytes, and of Parquet the footer too.</summary>
internal static class RangeDigest
{
    public static string Of(ReviewFile file, ShardRange range, CancellationToken cancellation)
    {
        using FileStream stream = file.OpenFile();
        return file.Format == ReviewFileFormat.Parquet && file.WhyWhole is null
            ? FileDigest.Of(stream, [(range.Start, range.End), (ParquetFooter.Start(stream), stream.Length)], cancellation)
            : FileDigest.Of(stream, [(range.Start, range.End)], cancellation);
    }
}
