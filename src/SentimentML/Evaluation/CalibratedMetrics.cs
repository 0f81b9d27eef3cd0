using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>The metrics of an evaluation's rows with calibrated probabilities, beside those of the model as it is.</summary>
public sealed class CalibratedMetrics
{
    internal CalibratedMetrics(EvaluationRows rows, SentimentEvaluationOptions options)
    {
        Calibration whole = options.Calibration ?? Calibration.Fit(rows.Labels, rows.Logits);
        double[][] probabilities = options.Calibration is null && rows.Labels.Count > 1
            ? CrossFitted(rows.Labels, rows.Logits)
            : [.. rows.Logits.Select(row => whole.Apply([.. row]))];
        ScoredRows calibrated = ScoredRows.FromProbabilities(rows.Labels, probabilities, rows.LabelNames, rows.GivenPredictions);
        Temperature = whole.Temperature;
        IsSaved = options.Calibration is not null;
        Metrics = SentimentMetrics.FromRows(calibrated, options.Resamples, options.Seed);
        Reliability = ReliabilityBin.Of(calibrated);
    }

    /// <summary>The temperature.</summary>
    public double Temperature { get; }

    /// <summary>
    /// Whether the temperature was given (<see cref="SentimentEvaluationOptions.Calibration"/>). If not, one was fitted on each half
    /// of the rows and used on the other, and <see cref="Temperature"/> is that of all rows.
    /// </summary>
    public bool IsSaved { get; }

    /// <summary>The metrics of the calibrated probabilities.</summary>
    public SentimentMetrics Metrics { get; }

    /// <summary>Their reliability diagram.</summary>
    public IReadOnlyList<ReliabilityBin> Reliability { get; }

    /// <summary>Every other row's temperature is fitted on the rows between: none is judged by a number that it had a part in.</summary>
    private static double[][] CrossFitted(IReadOnlyList<int> labels, IReadOnlyList<IReadOnlyList<double>> logits)
    {
        Calibration[] halves = [.. Enumerable.Range(0, 2).Select(half => Calibration.Fit(Half(labels, half), Half(logits, half)))];
        return [.. logits.Select((row, i) => halves[1 - i % 2].Apply([.. row]))];
    }

    private static T[] Half<T>(IReadOnlyList<T> all, int half) => [.. all.Where((_, i) => i % 2 == half)];
}
