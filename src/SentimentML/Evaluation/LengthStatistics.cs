namespace SentimentML.Evaluation;

/// <summary>How long texts are, in one unit.</summary>
/// <param name="Minimum">The shortest.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Median">Half are at most this long.</param>
/// <param name="Percentile90">Nine in ten are at most this long.</param>
/// <param name="Percentile99">All but one in a hundred are at most this long.</param>
/// <param name="Maximum">The longest.</param>
internal sealed record LengthStatistics(int Minimum, double Mean, int Median, int Percentile90, int Percentile99, int Maximum)
{
    /// <summary>The statistics of lengths of which it is known how often each occurs; null of none.</summary>
    public static LengthStatistics? Of(IReadOnlyDictionary<int, long> occurrences)
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
