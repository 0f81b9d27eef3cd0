using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Numerics;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML.GpuCheck;

/// <summary>SpanishSmall's ready model on the repository's opinions: bfloat16 answers with float32's labels.</summary>
internal static class LabelCheck
{
    public static JsonObject Run(CheckSettings settings)
    {
        Device device = settings.Device;
        string small = Path.Combine(settings.Repository, "src", "SentimentML.SpanishSmall");
        ModelFiles files = ModelFiles.Over(ModelFiles.InFolder(Path.Combine(small, "sentiment")), ModelFiles.InFolder(Path.Combine(small, "model")));
        (SequenceClassifier network, PretrainedTokenizer tokenizer, _) = Pretrained.Classifier(files, device);
        using SequenceClassifier owned = network;
        TokenRow[] rows = [.. File.ReadLines(Path.Combine(settings.Repository, "data", "opinions", "opinions.jsonl")).Take(settings.Sized(4000, 24))
            .Select(line => (TokenRow)tokenizer.EncodeToIds(JsonNode.Parse(line)!["text"]!.ToString(), maxTokens: 128))];
        int[] Labels(InferencePrecision precision)
        {
            using EncoderEngine engine = EncoderEngine.Of(network, precision, device);
            return [.. ScoringPipeline.Score(engine, rows, CancellationToken.None).Select(logits => LabelChoice.Of(logits))];
        }
        int[] exact = Labels(InferencePrecision.Float32), rounded = Labels(InferencePrecision.BFloat16);
        int equal = exact.Zip(rounded).Count(pair => pair.First == pair.Second);
        return new JsonObject
        {
            ["passed"] = exact.Distinct().Count() > 1 && equal >= PrecisionChoice.MinLabelsKept * rows.Length,
            ["rows"] = rows.Length,
            ["equal_labels"] = equal,
        };
    }
}
