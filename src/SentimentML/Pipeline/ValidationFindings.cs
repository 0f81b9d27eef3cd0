using SentimentML.Encoders;
using SentimentML.Inference;
using SentimentML.Numerics;
using SentimentML.Tokenization;
using SentimentML.Training;
using SentimentML.Wording;
using static TorchSharp.torch;

namespace SentimentML.Pipeline;

/// <summary>
/// What the validation set says of the weights that were kept: the temperature that makes their probabilities believable, and
/// how many labels faster numbers keep. The float32 logits serve both.
/// </summary>
/// <param name="Calibration">The temperature; null if none fits.</param>
/// <param name="LabelsKept">The shares of labels that faster numbers keep; null if they were not measured.</param>
internal sealed record ValidationFindings(Calibration? Calibration, LabelsKept? LabelsKept)
{
    /// <summary>Measures, and scores the rows in float32 first if the training has not.</summary>
    /// <param name="network">With the kept weights, in evaluation mode.</param>
    /// <param name="rows">The validation rows.</param>
    /// <param name="exact">Their logits in float32; null if they are not known. [rows][labels]</param>
    /// <param name="calibrationIds">What Int8 takes the ranges of its activations from.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static ValidationFindings Of(
        SequenceClassifier network, IReadOnlyList<Example> rows, double[][]? exact, Func<TokenRow[]> calibrationIds, Device device,
        CancellationToken cancellationToken)
    {
        TokenRow[] tokens = [.. rows.Select(row => row.Tokens)];
        double[][] Logits(InferencePrecision precision)
        {
            using var engine = new GatheringEngine(EncoderEngine.Of(network, precision, device, calibrationIds), TimeSpan.Zero);
            return Array.ConvertAll(ScoringPipeline.Score(engine, tokens, cancellationToken), row => Array.ConvertAll(row, logit => (double)logit));
        }

        exact ??= Logits(InferencePrecision.Float32);
        if (exact.Any(row => row.Any(logit => !double.IsFinite(logit))))
            return new ValidationFindings(null, null);
        double? Kept(InferencePrecision precision) => PrecisionChoice.IsFast(precision, device) && !cancellationToken.IsCancellationRequested
            ? exact.Zip(Logits(precision)).Count(pair => LabelChoice.Of(pair.First) == LabelChoice.Of(pair.Second)) / (double)rows.Count
            : null;
        return new ValidationFindings(
            Fit([.. rows.Select(row => row.Label)], exact),
            rows.Count < PrecisionChoice.MinTexts
                ? null
                : new LabelsKept { BFloat16 = Kept(InferencePrecision.BFloat16), Int8 = Kept(InferencePrecision.Int8) });
    }

    /// <summary>The findings in words.</summary>
    public string Sentence(ReportText text)
    {
        string temperature = Calibration is null
            ? text.Say("Ninguna temperatura se ajusta a la validación: todas sus filas están bien, o sus logits no dicen nada",
                "No temperature fits the validation set: all of its rows are right, or their logits tell nothing")
            : Found(Calibration, text);
        foreach (InferencePrecision precision in PrecisionChoice.Faster)
        {
            if (LabelsKept?.By(precision) is { } share)
                temperature += text.Format(
                    $"; {precision.ToString().ToLowerInvariant()} conserva el {share:0.00 %} de las etiquetas",
                    $"; {precision.ToString().ToLowerInvariant()} keeps {share:0.00 %} of the labels");
        }
        return temperature;
    }

    private static string Found(Calibration fitted, ReportText text)
    {
        (double? before, double? after) = (fitted.LogLossBefore, fitted.LogLossAfter);
        return text.Format(
            $"Temperatura {fitted.Temperature:0.000}: pérdida en la validación {before:0.0000} tal cual, {after:0.0000} calibrada",
            $"Temperature {fitted.Temperature:0.000}: validation log loss {before:0.0000} as it is, {after:0.0000} calibrated");
    }

    /// <summary>
    /// If all rows are right, the lower a temperature the better, down to probabilities of 0 and 1; if the logits are worse
    /// than none, the higher the better. Neither says anything of other texts.
    /// </summary>
    private static Calibration? Fit(int[] labels, double[][] logits)
    {
        if (labels.Zip(logits).All(row => row.Second[row.First] == row.Second.Max()))
            return null;
        Calibration fitted = SentimentML.Calibration.Fit(labels, logits);
        return fitted.Temperature < 0.99 * SentimentML.Calibration.MaxTemperature ? fitted : null;
    }
}
