using System.Diagnostics;
using System.Globalization;

namespace SentimentML.Benchmarks;

/// <summary>A process of one thread that never rests, until it is disposed, its parent ends, or its time is over.</summary>
internal sealed class BusyNeighbour : IDisposable
{
    /// <summary>With a number of seconds behind it, what a child process is started with.</summary>
    public const string Command = "--neighbour";

    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(30);

    private readonly Process _child =
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Command, MaxTime.TotalSeconds.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true,
    })!;

    /// <summary>Returns when the process is busy.</summary>
    public BusyNeighbour()
    {
        if (_child.StandardOutput.ReadLine() is null)
            throw new InvalidOperationException($"The busy process ended with code {_child.ExitCode} before it began.");
    }

    /// <summary>The child's part.</summary>
    public static void Work(double seconds)
    {
        bool hasParent = true;
        new Thread(() =>
        {
            while (Console.In.ReadLine() is not null)
            {
            }
            Volatile.Write(ref hasParent, false); // its end of the pipe was closed
        }) { IsBackground = true }.Start();
        Console.WriteLine("busy");
        long start = Stopwatch.GetTimestamp();
        double sum = 0;
        while (Volatile.Read(ref hasParent) && Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            for (int i = 1; i < 1_000_000; i++)
                sum += Math.Sqrt(i);
        GC.KeepAlive(sum);
    }

    public void Dispose()
    {
        _child.Kill();
        _child.WaitForExit();
        _child.Dispose();
    }
}
