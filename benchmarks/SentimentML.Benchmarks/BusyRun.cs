using System.Diagnostics;
using System.Globalization;
using SentimentML.Encoders;
using SentimentML.Inference;

namespace SentimentML.Benchmarks;

/// <summary>
/// The workload with and without another busy process on the machine, in turns. ONNX Runtime is measured at several settings, each of
/// which may be the best one in its state.
/// </summary>
internal static class BusyRun
{
    /// <summary>Threads that wait: spinning or not; rows in a batch; batches at once, each on one thread if there are several.</summary>
    private static readonly (bool Spins, int BatchRows, bool Workers)[] PeerSettings =
        [(true, 16, false), (false, 16, false), (true, 1, false), (false, 1, false), (false, 16, true), (false, 4, true), (false, 1, true)];

    private sealed record Contestant(string Name, string Setting, Action Round)
    {
        public double Idle { get; set; } = double.MaxValue;
        public double Busy { get; set; } = double.MaxValue;
    }

    /// <param name="rounds">How often everything is measured in each state; the best counts.</param>
    public static void Run(int rounds)
    {
        using SequenceClassifier network = Workload.Network();
        using GatheringEngine float32 = Workload.Engine(network, InferencePrecision.Float32), bfloat16 = Workload.Engine(network, InferencePrecision.BFloat16),
            int8 = Workload.Engine(network, InferencePrecision.Int8);
        using IInferenceEngine exported = Models.Exported(OnnxPrecision.Int8, oneCore: false);
        Console.WriteLine(Workload.Instance.Description);
        Print(rounds, [("SentimentML, Float32", float32), ("SentimentML, BFloat16", bfloat16), ("SentimentML, Int8", int8),
            ("SentimentML.Onnx, Int8", exported)]);
    }

    /// <param name="rounds">How often everything is measured in each state; the best counts.</param>
    /// <param name="engines">Ours.</param>
    public static void Print(int rounds, IReadOnlyList<(string Name, IInferenceEngine Engine)> engines)
    {
        List<Contestant> contestants = [.. engines.Select(each => new Contestant(each.Name, "", () => InferenceBenchmarks.Pipeline(each.Engine)))];
        List<OnnxRuntimePeer> peers = [];
        try
        {
            foreach (InferencePrecision precision in new[] { InferencePrecision.Float32, InferencePrecision.Int8 })
                contestants.AddRange(Peers(precision, peers));
            for (int round = 0; round < rounds; round++)
            {
                foreach (Contestant each in contestants)
                    each.Idle = Math.Min(each.Idle, Seconds(each.Round));
                using var neighbour = new BusyNeighbour();
                foreach (Contestant each in contestants)
                    each.Busy = Math.Min(each.Busy, Seconds(each.Round));
            }
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
        }

        Console.WriteLine($"\nBeside another busy process of one thread, reviews a second (best of {rounds} rounds in turns; ONNX Runtime at the best of "
            + $"{PeerSettings.Length} settings in each state):\n");
        Console.WriteLine("| what | idle | busy | of idle | ONNX Runtime's settings, idle and busy |\n| --- | --- | --- | --- | --- |");
        foreach (IGrouping<string, Contestant> each in contestants.GroupBy(contestant => contestant.Name))
        {
            Contestant idle = each.MinBy(contestant => contestant.Idle)!, busy = each.MinBy(contestant => contestant.Busy)!;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {each.Key} | {Workload.Reviews / idle.Idle:0.0} | {Workload.Reviews / busy.Busy:0.0} | {idle.Idle / busy.Busy:0 %} | "
                    + $"{(idle.Setting.Length == 0 ? "" : $"{idle.Setting}; {busy.Setting}")} |"));
        }
    }

    private static IEnumerable<Contestant> Peers(InferencePrecision precision, List<OnnxRuntimePeer> opened)
    {
        string name = $"ONNX Runtime, {precision.ToString().ToLowerInvariant()}";
        var sessions = new Dictionary<(bool Spins, bool OneCore), OnnxRuntimePeer>();
        foreach ((bool spins, int batchRows, bool workers) in PeerSettings)
        {
            if (!sessions.TryGetValue((spins, workers), out OnnxRuntimePeer? session))
            {
                session = OnnxRuntimePeer.Open(precision, workers, spins);
                if (session is null)
                    yield break;
                sessions[(spins, workers)] = session;
                opened.Add(session);
            }
            string setting = $"{(batchRows == 1 ? "one by one" : $"batches of {batchRows}")}, "
                + $"{(workers ? "each on one thread" : spins ? "spinning" : "not spinning")}";
            yield return new Contestant(
                name, setting, () => session.Sorted(InferenceBenchmarks.Tokenized(), batchRows, workers ? Environment.ProcessorCount : 1));
        }
    }

    private static double Seconds(Action action)
    {
        Thread.Sleep(OnnxRuntimePeer.Rest);
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
