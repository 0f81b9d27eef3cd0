using System.Globalization;
using System.Text.Json.Nodes;
using SentimentML.Evaluation;
using SentimentML.Inference;
using SentimentML.Encoders;
using SentimentML.Tokenization;
using SentimentML.Torch;
using SentimentML.Training;
using static TorchSharp.torch;

namespace SentimentML.Pipeline;

/// <summary>
/// What the validation set says of the weights that were kept: the temperature that makes their probabilities believable, and
/// how many labels bfloat16 keeps. The float32 logits serve both.
/// </summary>
/// <param name="Calibration">The temperature; null where none fits.</param>
/// <param name="LabelsKept">The share of labels that bfloat16 keeps; null where that cannot be told here.</param>
internal sealed record ValidationFindings(Calibration? Calibration, double? LabelsKept)
{
    /// <summary>Scores the rows with the kept weights, where the training has not done it, and measures.</summary>
    /// <param name="network">With the kept weights, in evaluation mode.</param>
    /// <param name="rows">The validation rows.</param>
    /// <param name="exact">Their logits in float32; null where they are not known. [rows][labels]</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static ValidationFindings Of(SequenceClassifier network, IReadOnlyList<Example> rows, double[][]? exact, Device device, CancellationToken cancellationToken)
    {
        TokenRow[] tokens = [.. rows.Select(row => row.Tokens)];
        exact ??= PrecisionChoice.Logits(network, tokens, InferencePrecision.Float32, device, cancellationToken);
        return new ValidationFindings(
            Fit([.. rows.Select(row => row.Label)], exact),
            Processor.HasBFloat16(device) && !cancellationToken.IsCancellationRequested ? PrecisionChoice.LabelsKept(network, tokens, exact, device, cancellationToken) : null);
    }

    /// <summary>Writes into a model's card what was found.</summary>
    public void WriteTo(JsonObject card)
    {
        if (Calibration is not null)
            SavedTemperature.Write(card, Calibration);
        if (LabelsKept is { } share)
            card[PrecisionChoice.LabelsKeptKey] = share;
    }

    /// <summary>The findings in words.</summary>
    public override string ToString()
    {
        string temperature = Calibration is null
            ? "No temperature fits the validation set: all of its rows are right, or their logits tell nothing"
            : string.Create(CultureInfo.InvariantCulture, $"Temperature {Calibration.Temperature:0.000}: validation log loss {Calibration.LogLossBefore:0.0000} as it is, {Calibration.LogLossAfter:0.0000} calibrated");
        return LabelsKept is { } share ? temperature + string.Create(CultureInfo.InvariantCulture, $"; bfloat16 keeps {share:0.00 %} of the labels") : temperature;
    }

    /// <summary>
    /// Where all rows are right, the lower a temperature the better, down to probabilities of 0 and 1; where the logits are worse
    /// than none, the higher the better. Neither tells anything of other texts.
    /// </summary>
    private static Calibration? Fit(int[] labels, double[][] logits)
    {
        if (logits.Any(row => row.Any(logit => !double.IsFinite(logit))) || labels.Zip(logits).All(row => row.Second[row.First] == row.Second.Max()))
            return null;
        Calibration fitted = SentimentML.Calibration.Fit(labels, logits);
        return fitted.Temperature < 0.99 * SentimentML.Calibration.MaxTemperature ? fitted : null;
    }
}
