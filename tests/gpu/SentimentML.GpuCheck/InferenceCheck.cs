using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Inference;
using SentimentML.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.GpuCheck;

/// <summary>Rows a second at roberta-base's shape by precision, as predictions go, and the share of what matrix products reach.</summary>
internal static class InferenceCheck
{
    private const int FirstRows = 2048;

    public static JsonObject Run(CheckSettings settings)
    {
        Device device = settings.Device;
        TokenRow[] rows = ReviewRows.Tokens(ReviewRows.Lengths(settings.Sized(16_384, 48), seed: 2), seed: 2);
        using SequenceClassifier network = GoldenCheck.Base(settings);
        network.to(device);
        var result = new JsonObject { ["rows"] = rows.Length, ["mean_tokens"] = Math.Round(rows.Average(row => row.Length), 1) };
        bool finite = true;
        foreach ((InferencePrecision precision, ScalarType type, string name) in new[] { (InferencePrecision.Float32, ScalarType.Float32, "fp32"),
            (InferencePrecision.BFloat16, ScalarType.BFloat16, "bf16") })
        {
            using var engine = new GatheringEngine(EncoderEngine.Of(network, precision, device), TimeSpan.Zero);
            Score(engine, rows[..Math.Min(FirstRows, rows.Length)]); // what is loaded and chosen at first use
            long started = Stopwatch.GetTimestamp();
            float[][] logits = Score(engine, rows);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            finite &= logits.All(row => row.All(float.IsFinite));
            result[$"{name}_rows_per_second"] = Math.Round(rows.Length / seconds, 1);
            result[$"{name}_share_of_peak"] =
                Math.Round(2.0 * RecipeCheck.MatrixWeights(network) * rows.Sum(row => (double)row.Length) / seconds / DeviceCheck.MatrixProducts(
                    device, type, settings.IsDry), 4);
            result["tokens_in_a_batch"] = engine.MaxBatchTokens;
        }
        result["passed"] = finite;
        return result;
    }

    /// <summary>The texts are the rows' numbers.</summary>
    private static float[][] Score(IInferenceEngine engine, TokenRow[] rows) =>
        [.. new ScoringPipeline(engine, text => rows[int.Parse(text.Text, CultureInfo.InvariantCulture)])
            .Logits(Enumerable.Range(0, rows.Length).Select(row => new TextInput(row.ToString(CultureInfo.InvariantCulture))))];
}
