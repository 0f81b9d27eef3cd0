using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Numerics;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML.GpuCheck;

/// <summary>
/// SpanishSmall's ready model on the repository's opinions: bfloat16 answers with float32's labels, unless two of them are nearly equal.
/// </summary>
internal static class LabelCheck
{
    /// <summary>A label may be lost if its logit is ahead by less: 0.2 is 55 against 45 percent. A CPU's bfloat16 loses 6 of 4,000 rows.</summary>
    private const double MaxLead = 0.2;

    private const double MinKept = 0.998;

    public static JsonObject Run(CheckSettings settings)
    {
        Device device = settings.Device;
        string small = Path.Combine(settings.Repository, "src", "SentimentML.SpanishSmall");
        ModelFiles files = ModelFiles.Over(ModelFiles.InFolder(Path.Combine(small, "sentiment")), ModelFiles.InFolder(Path.Combine(small, "model")));
        (SequenceClassifier network, PretrainedTokenizer tokenizer, _) = Pretrained.Classifier(files, device);
        using SequenceClassifier owned = network;
        TokenRow[] rows = [.. File.ReadLines(Path.Combine(settings.Repository, "data", "opinions", "opinions.jsonl")).Take(settings.Sized(4000, 24))
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
            ["passed"] = exact.Select(logits => LabelChoice.Of(logits)).Distinct().Count() > 1 && lead <= MaxLead
                && rows.Length - differing.Length >= MinKept * rows.Length,
            ["rows"] = rows.Length,
            ["equal_labels"] = rows.Length - differing.Length,
            ["widest_lead_lost"] = lead,
            ["largest_difference"] = exact.Zip(rounded).Max(pair => pair.First.Zip(pair.Second).Max(logit => Math.Abs(logit.First - logit.Second))),
        };
    }
}
