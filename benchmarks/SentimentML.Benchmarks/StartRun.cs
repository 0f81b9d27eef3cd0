using System.Diagnostics;
using System.Globalization;

namespace SentimentML.Benchmarks;

/// <summary>
/// How long it takes from the start of a process to the first answer of a model on disk, with the files in the system's cache, and the most memory
/// that the process has taken after the workload's reviews.
/// </summary>
internal static class StartRun
{
    /// <summary>With a program, a precision and a model folder behind it, what a child process is started with.</summary>
    public const string Command = "--first-answer";

    private const string Text = "la mesa tiene las patas bonitas", Ours = "SentimentML", Peer = "ONNX Runtime";

    private sealed record Contestant(string Name, params string[] Arguments)
    {
        public double Seconds { get; set; } = double.MaxValue;

        public long PeakBytes { get; set; }
    }

    /// <summary>The child's part: a line for the first answer, and one with the peak memory in bytes after all reviews.</summary>
    public static void Give(string program, InferencePrecision precision, string folder)
    {
        if (program == Peer)
        {
            var tokenizer = PretrainedTokenizer.FromFolder(folder);
            using OnnxRuntimePeer peer = OnnxRuntimePeer.Open(precision) ?? throw new InvalidOperationException("../shared/peers is not beside the checkout.");
            Console.WriteLine(peer.Run(tokenizer.EncodeToIds(Text)).Length);
            peer.Sorted([.. Workload.Instance.Texts.Select(text => tokenizer.EncodeToIds(text))]);
        }
        else
        {
            using SentimentClassifier classifier =
                SentimentClassifier.Load(folder, new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = precision });
            Console.WriteLine(classifier.Classify(Text).Label);
            _ = classifier.Classify(Workload.Instance.Texts).Count();
        }
        using var own = Process.GetCurrentProcess();
        Console.WriteLine(own.PeakWorkingSet64);
    }

    /// <summary>All in turns; the best start and the smallest peak of some rounds.</summary>
    public static void Print(int rounds)
    {
        List<Contestant> contestants = [];
        foreach (InferencePrecision precision in new[] { InferencePrecision.Float32, InferencePrecision.BFloat16, InferencePrecision.Int8 })
        {
            contestants.Add(new($"roberta-base's size, {precision}", Ours, precision.ToString(), Models.Base));
            if (precision != InferencePrecision.BFloat16 && OnnxRuntimePeer.Prepare(precision))
                contestants.Add(new($"the same by ONNX Runtime, {precision}", Peer, precision.ToString(), Models.Base));
        }
        foreach (InferencePrecision precision in new[] { InferencePrecision.Float32, InferencePrecision.Int8 })
            contestants.Add(new($"SpanishMini's, {precision}", Ours, precision.ToString(), Models.Mini));
        for (int round = 0; round < rounds; round++)
            foreach (Contestant each in contestants)
                Measure(each);
        Console.WriteLine($"\nFrom the start of a process to its first answer, by the clock, and the process's peak memory after {Workload.Reviews} "
            + $"reviews (the best of {rounds}):\n\n| model on disk | seconds | MB |\n| --- | --- | --- |");
        foreach (Contestant each in contestants)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {each.Name} | {each.Seconds:0.00} | {each.PeakBytes / 1e6:0} |"));
    }

    private static void Measure(Contestant contestant)
    {
        long start = Stopwatch.GetTimestamp();
        using Process child = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, [Command, .. contestant.Arguments]) { RedirectStandardOutput = true })!;
        string? answer = child.StandardOutput.ReadLine();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        string? peak = child.StandardOutput.ReadLine();
        child.WaitForExit();
        if (answer is null || peak is null || child.ExitCode != 0)
            throw new InvalidOperationException($"The process that was to answer ({contestant.Name}) ended with code {child.ExitCode}.");
        contestant.Seconds = Math.Min(contestant.Seconds, seconds);
        long bytes = long.Parse(peak, CultureInfo.InvariantCulture);
        contestant.PeakBytes = contestant.PeakBytes == 0 ? bytes : Math.Min(contestant.PeakBytes, bytes);
    }
}
