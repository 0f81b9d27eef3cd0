using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Numerics;
using SentimentML.Tests.Infrastructure;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML.GpuCheck;

/// <summary>
/// SpanishSmall's ready model on the repository's opinions: bfloat16 answers with float32's labels. How far ahead a lost label was tells a
/// tie from a fault.
/// </summary>
internal static class LabelCheck
{
    private const int Rows = 4000;

    public static JsonObject Run(CheckSettings settings)
    {
        Device device = settings.Device;
        string small = Path.Combine(settings.Repository, "src", "SentimentML.SpanishSmall");
        ModelFiles files = ModelFiles.Over(ModelFiles.InFolder(Path.Combine(small, "sentiment")), ModelFiles.InFolder(Path.Combine(small, "model")));
        (SequenceClassifier network, PretrainedTokenizer tokenizer, _) = Pretrained.Classifier(files, device);
        using SequenceClassifier owned = network;
        int step = Rows / settings.Sized(Rows, 25); // few ones are spread over all: neighbours have one label
        TokenRow[] rows = [.. Repository.Opinions(settings.Repository).Take(Rows)
            .Where((_, row) => row % step == 0)
            .Select(line => (TokenRow)tokenizer.EncodeToIds(JsonNode.Parse(line)!["text"]!.ToString(), maxTokens: 128))];
        float[][] Logits(InferencePrecision precision)
        {
            using EncoderEngine engine = EncoderEngine.Of(network, precision, device);
            return ScoringPipeline.Score(engine, rows, CancellationToken.None);
        }
        float[][] exact = Logits(InferencePrecision.Float32), rounded = Logits(InferencePrecision.BFloat16);
        (float[] First, float[] Second)[] differing = [.. exact.Zip(rounded).Where(pair => LabelChoice.Of(pair.First) != LabelChoice.Of(pair.Second))];
        double lead = differing.Select(pair => pair.First.Order().TakeLast(2).ToArray()).Select(best => best[1] - best[0]).DefaultIfEmpty().Max();
        return new JsonObject
        {
            ["passed"] = exact.Select(logits => LabelChoice.Of(logits)).Distinct().Count() > 1
                && rows.Length - differing.Length >= PrecisionChoice.MinLabelsKept * rows.Length,
            ["rows"] = rows.Length,
            ["equal_labels"] = rows.Length - differing.Length,
            ["widest_lead_lost"] = lead,
            ["largest_difference"] = exact.Zip(rounded).Max(pair => pair.First.Zip(pair.Second).Max(logit => Math.Abs(logit.First - logit.Second))),
        };
    }
}
