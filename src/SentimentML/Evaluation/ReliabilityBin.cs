namespace SentimentML.Evaluation;

/// <summary>The rows whose confidence, the probability of the predicted class, lies above Low and at most at High.</summary>
/// <param name="Low">The bin's lower edge.</param>
/// <param name="High">The bin's upper edge.</param>
/// <param name="Count">How many rows are in it.</param>
/// <param name="Confidence">Their mean confidence; NaN of an empty bin.</param>
/// <param name="Accuracy">The share of them that is right; NaN of an empty bin.</param>
internal sealed record ReliabilityBin(double Low, double High, int Count, double Confidence, double Accuracy)
{
    /// <summary>The bins of the expected calibration error.</summary>
    public static ReliabilityBin[] Of(ScoredRows rows)
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
        return [.. counts.Select((count, bin) => new ReliabilityBin(
            bin / (double)MetricSet.CalibrationBins, (bin + 1) / (double)MetricSet.CalibrationBins,
            count, confidences[bin] / count, right[bin] / (double)count))];
    }
}
