using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Inference;
using SentimentML.Tests.Infrastructure;
using SentimentML.Tokenization;

namespace SentimentML.Benchmarks;

/// <summary>
/// Encoders of every kind at their real shapes, each beside ONNX Runtime on its exported graph, in turns in one process. Rows have
/// the workload's lengths; weights are by formula, since speed does not depend on them.
/// </summary>
internal static class FamilyRun
{
    private static readonly (string Name, string Config)[] Shapes =
    [
        ("RoBERTa base (50,262)",
            """{ "model_type": "roberta", "vocab_size": 50262, "max_position_embeddings": 514, "type_vocab_size": 1, "layer_norm_eps": 1e-5 }"""),
        ("BERT base, BETO (31,002)", """{ "model_type": "bert", "vocab_size": 31002, "pad_token_id": 1 }"""),
        ("XLM-RoBERTa base (250,002)",
            """{ "model_type": "xlm-roberta", "vocab_size": 250002, "max_position_embeddings": 514, "type_vocab_size": 1, "layer_norm_eps": 1e-5 }"""),
        ("DistilBERT (119,547)", """{ "model_type": "distilbert", "vocab_size": 119547 }"""),
        ("ModernBERT base (50,304)", """{ "model_type": "modernbert", "vocab_size": 50304, "pad_token_id": 3 }"""),
        ("12 × 384 (32,000)", """{ "model_type": "bert", "vocab_size": 32000, "hidden_size": 384, "intermediate_size": 1536, "pad_token_id": 1 }"""),
    ];

    /// <param name="rounds">How often everything is measured; the best counts.</param>
    public static void Run(int rounds)
    {
        Console.WriteLine($"{Workload.Instance.Description}, reviews a second; the best of {rounds} interleaved rounds by the clock.\n");
        Console.WriteLine("| network (vocabulary) | SentimentML float32 | × ONNX Runtime | SentimentML bfloat16 | SentimentML int8 | × ONNX Runtime |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach ((string name, string json) in Shapes)
            Print(name, json, rounds);
    }

    private static void Print(string name, string json, int rounds)
    {
        var reader = new ConfigReader((JsonObject)JsonNode.Parse(json)!);
        EncoderConfig config = Architectures.For(reader.Text("model_type")).Read(reader);
        using SequenceClassifier network = FormulaWeights.Network(config);
        // The workload's lengths, with ids that this vocabulary has.
        TokenRow[] rows = [.. Workload.Instance.Ids.Select(row => (TokenRow)row.Select(id => 5 + id % (config.VocabularySize - 5)).ToArray())];
        using OnnxRuntimePeer onnx = OnnxRuntimePeer.Of(network, InferencePrecision.Float32), onnx8 = OnnxRuntimePeer.Of(network, InferencePrecision.Int8);
        GatheringEngine Engine(InferencePrecision precision) =>
            new(EncoderEngine.Of(network, precision, TorchSharp.torch.CPU, () => rows[..32]), TimeSpan.Zero);
        using GatheringEngine float32 = Engine(InferencePrecision.Float32), bfloat16 = Engine(InferencePrecision.BFloat16),
            int8 = Engine(InferencePrecision.Int8);
        Action[] contestants =
        [
            () => Score(float32, rows), () => onnx.Sorted(rows),
            () => Score(bfloat16, rows),
            () => Score(int8, rows), () => onnx8.Sorted(rows),
        ];
        double[] best = [.. contestants.Select(_ => double.MaxValue)];
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < contestants.Length; i++)
            {
                Thread.Sleep(OnnxRuntimePeer.Rest);
                long started = Stopwatch.GetTimestamp();
                contestants[i]();
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        double Rate(int i) => rows.Length / best[i];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {Rate(0):0.0} | {best[1] / best[0]:0.00} | {Rate(2):0.0} | {Rate(3):0.0} | {best[4] / best[3]:0.00} |"));
    }

    private static void Score(GatheringEngine engine, TokenRow[] rows) => ScoringPipeline.Score(engine, rows, CancellationToken.None);
}
