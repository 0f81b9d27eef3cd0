using System.Globalization;
using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Inference;
using SentimentML.Tests.Infrastructure;
using SentimentML.Tokenization;
using SentimentML.Torch;

namespace SentimentML.Benchmarks;

/// <summary>
/// Processor time of a worker, which is one thread on one core, beside ONNX Runtime with one thread, in turns in one process. Other
/// processes on the machine change it little, so it shows small differences that the clock does not.
/// </summary>
internal static class OneCoreRun
{
    private static readonly (string Name, string Config)[] Shapes =
    [
        ("roberta-base's size",
            """{ "model_type": "roberta", "vocab_size": 50262, "max_position_embeddings": 514, "type_vocab_size": 1, "layer_norm_eps": 1e-5 }"""),
        ("12 × 384", """{ "model_type": "bert", "vocab_size": 32000, "hidden_size": 384, "intermediate_size": 1536, "pad_token_id": 1 }"""),
    ];

    private sealed record Contestant(string Name, InferencePrecision Precision, Action Round)
    {
        public double Best { get; set; } = double.MaxValue;
    }

    /// <param name="rounds">How often everything is measured; the best counts.</param>
    /// <param name="peers">Whether ONNX Runtime is measured too.</param>
    public static void Run(int rounds, bool peers)
    {
        Console.WriteLine($"{Workload.Instance.Description}; milliseconds of processor time a review on one core, the best of {rounds} interleaved rounds.\n");
        Console.WriteLine("| network | what | ms a review | × ONNX Runtime of its precision, one thread | × ONNX Runtime float32, one thread |\n| --- | --- | "
            + "--- | --- | --- |");
        foreach ((string name, string json) in Shapes)
            Print(name, json, rounds, peers);
    }

    private static void Print(string name, string json, int rounds, bool peers)
    {
        var reader = new ConfigReader((JsonObject)JsonNode.Parse(json)!);
        EncoderConfig config = Architectures.For(reader.Text("model_type")).Read(reader);
        using SequenceClassifier network = FormulaWeights.Network(config);
        TokenRow[] rows = [.. Workload.Instance.Ids.Select(row => (TokenRow)row.Select(id => 5 + id % (config.VocabularySize - 5)).ToArray())];
        InferencePrecision[] precisions = [InferencePrecision.Float32, InferencePrecision.BFloat16, InferencePrecision.Int8];
        EncoderEngine[] engines = [.. precisions.Select(precision => EncoderEngine.Of(network, precision, TorchSharp.torch.CPU, () => rows[..32]))];
        OnnxRuntimePeer[] sessions = peers
            ? [OnnxRuntimePeer.Of(network, InferencePrecision.Float32, oneCore: true),
                OnnxRuntimePeer.Of(network, InferencePrecision.Int8, oneCore: true)] : [];
        List<Contestant> contestants =
            [.. engines.Select(engine => new Contestant($"SentimentML, {engine.Precision}", engine.Precision, () => Score(engine, rows)))];
        int[][] ids = [.. rows.Select(row => row.Ids.ToArray())];
        for (int i = 0; i < sessions.Length; i++)
            foreach (int batchRows in new[] { 1, 4, 16 })
            {
                OnnxRuntimePeer session = sessions[i];
                contestants.Add(new Contestant(
                    $"ONNX Runtime, {(i == 0 ? "Float32" : "Int8")}, batches of {batchRows}", i == 0 ? InferencePrecision.Float32 : InferencePrecision.Int8,
                    () => session.Sorted(ids, batchRows, callers: 1)));
            }
        for (int round = 0; round <= rounds; round++) // the first one warms up
            foreach (Contestant each in contestants)
            {
                TimeSpan start = Environment.CpuUsage.TotalTime;
                each.Round();
                double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
                if (round > 0)
                    each.Best = Math.Min(each.Best, seconds);
            }
        double Peer(InferencePrecision precision) =>
            contestants.Where(each => each.Name.StartsWith("ONNX", StringComparison.Ordinal) && each.Precision == precision)
            .Select(each => each.Best).DefaultIfEmpty(double.NaN).Min();
        foreach (Contestant each in contestants)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {each.Name} | {1000 * each.Best / rows.Length:0.00} | "
                    + $"{Peer(each.Precision == InferencePrecision.Int8 ? InferencePrecision.Int8 : InferencePrecision.Float32) / each.Best:0.00} | "
                    + $"{Peer(InferencePrecision.Float32) / each.Best:0.00} |"));
        foreach (IDisposable each in (IDisposable[])[.. engines, .. sessions])
            each.Dispose();
    }

    private static void Score(EncoderEngine engine, TokenRow[] rows)
    {
        using TorchThreads.Setting one = TorchThreads.Use(1);
        foreach (int[] batch in BatchPlan.ByLength([.. rows.Select(row => row.Length)]))
            engine.LogitsOnOneCore([.. batch.Select(row => rows[row])]);
    }
}
