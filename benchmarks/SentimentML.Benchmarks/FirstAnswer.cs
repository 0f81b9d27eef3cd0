using System.Diagnostics;
using System.Globalization;

namespace SentimentML.Benchmarks;

/// <summary>How long it takes from the start of a process to the first answer of a model on disk.</summary>
internal static class FirstAnswer
{
    /// <summary>With a model folder behind it, what a child process is started with.</summary>
    public const string Command = "--first-answer";

    private const int Starts = 5;

    /// <summary>The child's part.</summary>
    public static void Give(string folder)
    {
        using SentimentClassifier classifier = SentimentClassifier.Load(folder, TorchDevice.Cpu);
        Console.WriteLine(classifier.Classify("la mesa tiene las patas bonitas").Label);
    }

    /// <summary>The best of some starts, with the files in the system's cache.</summary>
    public static void Print()
    {
        Console.WriteLine($"\nFrom the start of a process to its first answer, seconds by the clock (best of {Starts}):\n\n| model on disk | seconds |\n| --- "
            + "| --- |");
        foreach ((string name, string folder) in new[] { ("roberta-base's size, float32", Models.Base), ("the embedded backbone's", Models.Mini) })
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Enumerable.Range(0, Starts).Min(_ => Seconds(folder)):0.00} |"));
    }

    private static double Seconds(string folder)
    {
        long start = Stopwatch.GetTimestamp();
        using Process child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Command, folder]) { RedirectStandardOutput = true })!;
        string? answer = child.StandardOutput.ReadLine();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        child.WaitForExit();
        return answer is not null && child.ExitCode == 0
            ? seconds
            : throw new InvalidOperationException($"The process that was to answer with {folder} ended with code {child.ExitCode}.");
    }
}
