using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SentimentML.Encoders;
using SentimentML.Inference;
using static TorchSharp.torch;

namespace SentimentML.Benchmarks;

/// <summary>
/// Everything side by side in one process, in turns, so that a machine's drift and its other guests touch all alike; the
/// best round of each counts. Some minutes, where BenchmarkDotNet takes an hour. On one core, what counts is the
/// processor time that the process used, which other processes on the machine disturb least.
/// </summary>
internal static class QuickRun
{
    private sealed record Contestant(string Name, InferencePrecision Precision, Action Round, int MaxRounds = int.MaxValue)
    {
        public double Best { get; set; } = double.MaxValue;
    }

    public static void Run(QuickOptions options)
    {
        (int rounds, bool oneCore, string? chart) = options;
        if (oneCore)
            set_num_threads(1);
        Func<TimeSpan> clock = oneCore ? () => Environment.CpuUsage.TotalTime : () => Stopwatch.GetElapsedTime(0);
        double Seconds(Action action)
        {
            TimeSpan start = clock();
            action();
            return (clock() - start).TotalSeconds;
        }
        Workload work = Workload.Instance;
        using SequenceClassifier network = Workload.Network();
        using var bound = new MatmulBound();
        using OnnxRuntimePeer? onnx = OnnxRuntimePeer.Open(InferencePrecision.Float32, oneCore), onnx8 = OnnxRuntimePeer.Open(InferencePrecision.Int8, oneCore);
        (InferencePrecision Precision, GatheringEngine Engine)[] engines =
            [.. new[] { InferencePrecision.Float32, InferencePrecision.BFloat16, InferencePrecision.Int8 }
            .Select(precision => (precision, Workload.Engine(network, precision)))];
        var plain = new NetworkEngine(network, CPU);

        List<Contestant> contestants =
            [new("TorchSharp row by row, float32 (ML.NET's way)", InferencePrecision.Float32, () =>
                InferenceBenchmarks.OneByOne(row => plain.Logits([row])), 1)];
        if (onnx is not null && onnx8 is not null)
            contestants.AddRange([
                new("ONNX Runtime, float32, one by one", InferencePrecision.Float32, () => InferenceBenchmarks.OneByOne(row => onnx.Run(row)), 2),
                new(FloatPeer, InferencePrecision.Float32, () => onnx.Sorted(InferenceBenchmarks.Tokenized())),
                new("ONNX Runtime, int8, one by one", InferencePrecision.Int8, () => InferenceBenchmarks.OneByOne(row => onnx8.Run(row)), 2),
                new(Int8Peer, InferencePrecision.Int8, () => onnx8.Sorted(InferenceBenchmarks.Tokenized())),
            ]);
        foreach ((InferencePrecision precision, GatheringEngine engine) in engines)
        {
            contestants.Add(new($"SentimentML, {precision}, one by one", precision, () => InferenceBenchmarks.OneByOne(row => engine.Logits([row])), 2));
            contestants.Add(new($"SentimentML, {precision}", precision, () => InferenceBenchmarks.Pipeline(engine)));
        }
        using IInferenceEngine exported = Models.Exported(OnnxPrecision.Int8, oneCore);
        contestants.Add(new("SentimentML.Onnx, Int8", InferencePrecision.Int8, () => InferenceBenchmarks.Pipeline(exported)));

        var bounds = new Dictionary<InferencePrecision, double>();
        for (int round = 0; round < rounds; round++)
        {
            foreach ((InferencePrecision precision, _) in engines)
                bounds[precision] = Math.Max(bounds.GetValueOrDefault(precision), bound.Measure(precision, Seconds));
            foreach (Contestant each in contestants.Where(c => round < c.MaxRounds))
            {
                Thread.Sleep(OnnxRuntimePeer.Rest);
                each.Best = Math.Min(each.Best, Seconds(each.Round));
            }
        }

        Console.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {get_num_threads()} threads, {ProcessorName()}");
        Console.WriteLine($"{work.Description}, whole way from text to logits; the best of {rounds} interleaved rounds, "
            + $"{(oneCore ? "seconds of processor time on one core" : "seconds by the clock")}.\n");
        if (onnx is null || onnx8 is null)
            Console.WriteLine("ONNX Runtime on the peer's graph is left out: ../shared/peers is not beside the checkout.\n");
        Console.WriteLine("| what | reviews/s | tokens/s | of the matmul bound | × ONNX Runtime of its precision, sorted 16 | × ONNX Runtime float32, sorted "
            + "16 |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        double Peer(string name) => contestants.FirstOrDefault(c => c.Name == name)?.Best ?? double.NaN;
        foreach (Contestant each in contestants)
        {
            double own = Peer(each.Precision == InferencePrecision.Int8 ? Int8Peer : FloatPeer);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {each.Name} | {Workload.Reviews / each.Best:0.0} | {work.Tokens / each.Best:0} | "
                    + $"{work.Operations / each.Best / bounds[each.Precision]:0 %} | {Times(own / each.Best)} | {Times(Peer(FloatPeer) / each.Best)} |"));
        }
        Console.WriteLine($"\nMatmul bound (oneDNN, the network's shapes, 768 tokens): "
            + $"{string.Join(", ", bounds.Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Key} {b.Value / 1e9:0} GFLOP/s")))}\n");
        Latency(work, engines, onnx, onnx8, Seconds);
        if (!oneCore)
            BusyRun.Print(rounds, [.. engines.Select(each => ($"SentimentML, {each.Precision}", (IInferenceEngine)each.Engine)),
                ("SentimentML.Onnx, Int8", exported)]);
        StartRun.Print(5);
        if (chart is not null)
            SpeedChart.Write(chart,
                [.. contestants.Where(c => !c.Name.EndsWith("one by one", StringComparison.Ordinal)).Select(c => (c.Name, Workload.Reviews / c.Best))]);
        foreach ((_, GatheringEngine engine) in engines)
            engine.Dispose();
    }

    private static string Times(double ratio) => double.IsNaN(ratio) ? "–" : ratio.ToString("0.00", CultureInfo.InvariantCulture);

    private const string FloatPeer = "ONNX Runtime, float32, batches of 16 sorted by length";
    private const string Int8Peer = "ONNX Runtime, int8, batches of 16 sorted by length";

    private static void Latency(
        Workload work, (InferencePrecision Precision, GatheringEngine Engine)[] engines, OnnxRuntimePeer? onnx, OnnxRuntimePeer? onnx8,
        Func<Action, double> seconds)
    {
        List<(string Name, Action<int[]> Run)> each =
            [.. engines.Select(each => ($"SentimentML, {each.Precision}", (Action<int[]>)(row => each.Engine.Logits([row]))))];
        if (onnx is not null && onnx8 is not null)
            each.AddRange([("ONNX Runtime, float32", row => onnx.Run(row)), ("ONNX Runtime, int8", row => onnx8.Run(row))]);
        int[] lengths = [16, 32, 64, 256];
        double[,] best = new double[each.Count, lengths.Length];
        for (int l = 0; l < lengths.Length; l++)
        {
            int[] row = work.OfLength(lengths[l]);
            for (int round = 0; round < 10; round++)
                for (int i = 0; i < each.Count; i++)
                {
                    Thread.Sleep(OnnxRuntimePeer.Rest);
                    each[i].Run(row); // awake again
                    best[i, l] = Math.Min(best[i, l] == 0 ? double.MaxValue : best[i, l], seconds(() => each[i].Run(row)));
                }
        }
        Console.WriteLine($"One text, milliseconds (best of 10 interleaved):\n\n| tokens | {string.Join(" | ", lengths)} |\n| --- "
            + $"|{string.Concat(lengths.Select(_ => " --- |"))}");
        for (int i = 0; i < each.Count; i++)
        {
            IEnumerable<string> milliseconds = lengths.Select((_, l) => (best[i, l] * 1000).ToString("0.0", CultureInfo.InvariantCulture));
            Console.WriteLine($"| {each[i].Name} | {string.Join(" | ", milliseconds)} |");
        }
    }

    private static string ProcessorName() => OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "" : "";
}
