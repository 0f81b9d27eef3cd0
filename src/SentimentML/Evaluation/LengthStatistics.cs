namespace SentimentML;

/// <summary>The lengths of texts, in one unit.</summary>
public sealed record LengthStatistics
{
    internal LengthStatistics(int min, double mean, int median, int percentile90, int percentile99, int max) =>
        (Min, Mean, Median, Percentile90, Percentile99, Max) = (min, mean, median, percentile90, percentile99, max);

    /// <summary>The length of the shortest text.</summary>
    public int Min { get; }

    /// <summary>The mean.</summary>
    public double Mean { get; }

    /// <summary>The median: half of the texts are at most this long.</summary>
    public int Median { get; }

    /// <summary>The 90th percentile: nine texts in ten are at most this long.</summary>
    public int Percentile90 { get; }

    /// <summary>The 99th percentile.</summary>
    public int Percentile99 { get; }

    /// <summary>The length of the longest text.</summary>
    public int Max { get; }

    /// <summary>The statistics of lengths that occur so often; null without any.</summary>
    internal static LengthStatistics? Of(IReadOnlyDictionary<int, long> occurrences)
    {
        long total = occurrences.Values.Sum();
        if (total == 0)
            return null;
        int[] lengths = [.. occurrences.Keys.Order()];
        double mean = lengths.Sum(length => (double)length * occurrences[length]) / total;
        return new LengthStatistics(lengths[0], mean, Below(0.5), Below(0.9), Below(0.99), lengths[^1]);

        int Below(double share)
        {
            long seen = 0;
            return lengths.First(length => (seen += occurrences[length]) >= share * total);
        }
    }
}
