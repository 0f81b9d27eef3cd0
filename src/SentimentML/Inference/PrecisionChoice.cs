using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Numerics;
using SentimentML.Tokenization;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Inference;

/// <summary>
/// What <see cref="InferencePrecision.Auto"/> stands for. bfloat16 is taken where the processor multiplies in it and where
/// the model's card (sentimentml.json) says that it was compared with float32 on real texts, at the end of the training,
/// and kept at least 99.9 % of the labels. A model without such a record answers in float32.
/// </summary>
internal static class PrecisionChoice
{
    /// <summary>The card's key for the share of labels that bfloat16 keeps.</summary>
    public const string LabelsKeptKey = "bfloat16_labels_kept";

    public const double LeastLabelsKept = 0.999;

    /// <summary>Below this many texts a share says little: one changed label of 500 is already more than 0.1 %.</summary>
    public const int LeastTexts = 500;

    public static InferencePrecision Resolve(InferencePrecision wanted, JsonObject card, Device device)
    {
        if (wanted != InferencePrecision.Auto)
            return wanted;
        bool keepsLabels = card[LabelsKeptKey] is JsonValue value && value.TryGetValue(out double kept) && kept is >= LeastLabelsKept and <= 1;
        return keepsLabels && Processor.HasBFloat16(device) ? InferencePrecision.BFloat16 : InferencePrecision.Float32;
    }

    /// <summary>The share of texts to which bfloat16 gives the label that float32 gives; null where there are too few to tell.</summary>
    /// <param name="network">On the CPU or a GPU, in evaluation mode.</param>
    /// <param name="rows">The texts' ids, special ones included.</param>
    /// <param name="exact">What float32 says of them. [rows][labels]</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static double? LabelsKept(SequenceClassifier network, IReadOnlyList<TokenRow> rows, IReadOnlyList<double[]> exact, Device device, CancellationToken cancellationToken)
    {
        if (rows.Count < LeastTexts)
            return null;
        double[][] rounded = Logits(network, rows, InferencePrecision.BFloat16, device, cancellationToken);
        return exact.Zip(rounded).Count(pair => LabelChoice.Of(pair.First) == LabelChoice.Of(pair.Second)) / (double)rows.Count;
    }

    /// <summary>The rows' logits in a precision, by an engine that is there for them alone. [rows][labels]</summary>
    public static double[][] Logits(SequenceClassifier network, IReadOnlyList<TokenRow> rows, InferencePrecision precision, Device device, CancellationToken cancellationToken)
    {
        using EncoderEngine engine = EncoderEngine.Of(network, precision, device);
        float[][] logits = ScoringPipeline.Score(engine, network.Config.Labels.Count, rows, cancellationToken);
        return Array.ConvertAll(logits, row => Array.ConvertAll(row, logit => (double)logit));
    }
}
