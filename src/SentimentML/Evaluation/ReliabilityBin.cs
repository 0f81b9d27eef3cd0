using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>The rows whose confidence, the probability of the predicted label, lies above <see cref="Low"/> and at most at <see cref="High"/>.</summary>
public sealed record ReliabilityBin
{
    private ReliabilityBin(int bin, int count, double confidence, double accuracy)
    {
        Low = bin / (double)MetricSet.CalibrationBins;
        High = (bin + 1) / (double)MetricSet.CalibrationBins;
        Count = count;
        Confidence = confidence / count;
        Accuracy = accuracy / count;
    }

    /// <summary>The bin's lower edge.</summary>
    public double Low { get; }

    /// <summary>The bin's upper edge.</summary>
    public double High { get; }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>Their mean confidence; NaN for an empty bin.</summary>
    public double Confidence { get; }

    /// <summary>The share of them that is right; NaN for an empty bin.</summary>
    public double Accuracy { get; }

    /// <summary>The 15 bins of the expected calibration error.</summary>
    internal static ReliabilityBin[] Of(ScoredRows rows)
    {
        int[] counts = new int[MetricSet.CalibrationBins], right = new int[MetricSet.CalibrationBins];
        double[] confidences = new double[MetricSet.CalibrationBins];
        for (int row = 0; row < rows.Count; row++)
        {
            int bin = MetricSet.BinOf(rows.Confidences[row]);
            counts[bin]++;
            right[bin] += rows.IsRight(row) ? 1 : 0;
            confidences[bin] += rows.Confidences[row];
        }
        return [.. counts.Select((count, bin) => new ReliabilityBin(bin, count, confidences[bin], right[bin]))];
    }
}
