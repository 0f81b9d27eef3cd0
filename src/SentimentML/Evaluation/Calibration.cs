using SentimentML.Evaluation;
using SentimentML.Numerics;

namespace SentimentML;

/// <summary>
/// Temperature scaling: logits are divided by one number before the softmax, so that a probability of 0.9 is right nine times in
/// ten. The predicted label stays as it is.
/// </summary>
/// <remarks>Guo et al., "On Calibration of Modern Neural Networks" (2017).</remarks>
public sealed class Calibration
{
    /// <summary>The lowest temperature that is fitted: reached if sharper is always better, as on rows without an error.</summary>
    internal const double MinTemperature = 0.01;

    /// <summary>The highest temperature that is fitted: reached if the logits are worse than none.</summary>
    internal const double MaxTemperature = 100;

    private const int MaxSteps = 200;

    /// <summary>Makes a calibration of a known temperature.</summary>
    /// <param name="temperature">What the logits are divided by; above 0, and 1 changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not a finite number above 0.</exception>
    public Calibration(double temperature)
    {
        if (!(temperature > 0) || !double.IsFinite(temperature))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be a finite number above 0.");
        Temperature = temperature;
    }

    /// <summary>What the logits are divided by: above 1 where the model is too sure of itself, below 1 where it is not sure enough.</summary>
    public double Temperature { get; }

    /// <summary>The log loss of the rows that the temperature was fitted on, before; null where it was not fitted here.</summary>
    public double? LogLossBefore { get; private init; }

    /// <summary>The log loss of the rows that the temperature was fitted on, after; null where it was not fitted here.</summary>
    public double? LogLossAfter { get; private init; }

    /// <summary>Finds the temperature with the least log loss. Fit it on rows that the model was not trained on.</summary>
    /// <param name="labels">The true label of each row, from 0. *Shape:* (rows)</param>
    /// <param name="logits">The scores of each row. *Shape:* (rows, labels)</param>
    /// <returns>The calibration, with a temperature from 0.01 to 100; 1 if no temperature makes a difference.</returns>
    /// <exception cref="ArgumentException">There are no rows, the lengths differ, a label is out of range, or a logit is not finite.</exception>
    public static Calibration Fit(IReadOnlyList<int> labels, IReadOnlyList<IReadOnlyList<double>> logits)
    {
        double[][] rows = ScoredRows.CheckedLogits(labels, logits);
        int[] truth = [.. labels];
        double temperature = BestTemperature(truth, rows);
        return new Calibration(temperature)
        {
            LogLossBefore = LogLoss(truth, rows, 1),
            LogLossAfter = LogLoss(truth, rows, temperature),
        };
    }

    /// <inheritdoc cref="Fit(IReadOnlyList{int}, IReadOnlyList{IReadOnlyList{double}})" path="/summary|/returns|/exception|/remarks"/>
    /// <param name="labels">The true label of each row, from 0. *Shape:* (rows)</param>
    /// <param name="predictions">The model's predictions. *Shape:* (rows)</param>
    public static Calibration Fit(IReadOnlyList<int> labels, IReadOnlyList<SentimentPrediction> predictions) => Fit(labels, predictions.Logits());

    /// <summary>The calibrated probabilities of one row.</summary>
    /// <param name="logits">The row's scores. *Shape:* (labels)</param>
    /// <returns>As many probabilities; they add up to 1.</returns>
    public double[] Apply(ReadOnlySpan<double> logits) => Softmax.Of(logits, Temperature);

    /// <summary>
    /// The log loss is convex in the inverse temperature b, so its slope has one root: Newton's steps on ln b, halving the
    /// bracket instead wherever a step would leave it.
    /// </summary>
    private static double BestTemperature(int[] labels, double[][] logits)
    {
        double low = -Math.Log(MaxTemperature), high = -Math.Log(MinTemperature), at = 0;
        for (int step = 0; step < MaxSteps; step++)
        {
            double inverse = Math.Exp(at);
            (double slope, double curvature) = Derivatives(labels, logits, inverse);
            if (slope == 0)
                break;
            if (slope > 0)
                high = at;
            else
                low = at;
            double next = at - slope / (inverse * curvature);
            if (!(next > low && next < high))
                next = (low + high) / 2;
            bool isStill = Math.Abs(next - at) < 1e-13;
            at = next;
            if (isStill || high - low < 1e-13)
                break;
        }
        return Math.Clamp(Math.Exp(-at), MinTemperature, MaxTemperature);
    }

    /// <summary>The first two derivatives of the mean log loss by the inverse temperature: mean(E[z] - z_label) and mean(Var[z]).</summary>
    private static (double Slope, double Curvature) Derivatives(int[] labels, double[][] logits, double inverse)
    {
        double slope = 0, curvature = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            double[] scores = logits[row];
            double largest = scores.Max(), sum = 0, first = 0, second = 0;
            foreach (double score in scores)
            {
                double below = score - largest, weight = Math.Exp(below * inverse);
                sum += weight;
                first += weight * below;
                second += weight * below * below;
            }
            double mean = first / sum;
            slope += mean - (scores[labels[row]] - largest);
            curvature += second / sum - mean * mean;
        }
        return (slope / labels.Length, curvature / labels.Length);
    }

    private static double LogLoss(int[] labels, double[][] logits, double temperature)
    {
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
            sum += MetricSet.RowLoss(Softmax.Of(logits[row], temperature)[labels[row]]);
        return sum / labels.Length;
    }
}
