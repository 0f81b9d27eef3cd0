using SentimentML.Evaluation;

namespace SentimentML.Reporting;

/// <summary>The figures that a temperature changes, beside those of the model as it is.</summary>
/// <param name="Temperature">The temperature.</param>
/// <param name="IsSaved">Whether it came with the model; else it was fitted on each half of the rows for the other, and Temperature is that of all rows.</param>
/// <param name="Metrics">The metrics of the calibrated probabilities.</param>
/// <param name="Reliability">Their bins.</param>
internal sealed record CalibratedFigures(double Temperature, bool IsSaved, SentimentMetrics Metrics, IReadOnlyList<ReliabilityBin> Reliability)
{
    public static CalibratedFigures Of(ScoredRows rows, IReadOnlyList<double[]> logits, EvaluationReportOptions options)
    {
        double[][] all = [.. logits];
        Calibration whole = options.Calibration ?? Calibration.Fit(rows.Labels, all);
        double[][] probabilities = options.Calibration is null && rows.Count > 1
            ? CrossFitted(rows.Labels, all)
            : Array.ConvertAll(all, row => whole.Apply(row));
        ScoredRows calibrated = ScoredRows.FromProbabilities(rows.Labels, probabilities, rows.LabelNames);
        return new CalibratedFigures(whole.Temperature, options.Calibration is not null,
            SentimentMetrics.FromRows(calibrated, options.Resamples, options.Seed), ReliabilityBin.Of(calibrated));
    }

    /// <summary>Every other row's temperature is fitted on the rows between: none is judged by a number that it had a part in.</summary>
    private static double[][] CrossFitted(int[] labels, double[][] logits)
    {
        Calibration[] halves = [.. Enumerable.Range(0, 2).Select(half => Calibration.Fit(Half(labels, half), Half(logits, half)))];
        return [.. logits.Select((row, i) => halves[1 - i % 2].Apply(row))];
    }

    private static T[] Half<T>(T[] all, int half) => [.. all.Where((_, i) => i % 2 == half)];
}
