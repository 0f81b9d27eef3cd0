using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>
/// Threads that compute the parts of a work side by side, each with its share of the cores for libtorch's operators. They wait for one another
/// when the work ends; threads that share an operator wait in each one for the slowest, and longer where another process is busy.
/// </summary>
/// <remarks>They are not the thread pool's: an application may keep those busy, and libtorch and malloc keep memory for each thread that calls them.</remarks>
internal sealed class ThreadTeam : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly int _cores;

    /// <param name="size">Threads. With one, or fewer, the caller computes.</param>
    public ThreadTeam(int size)
    {
        Size = Math.Max(1, size);
        _cores = TorchThreads.Count();
        for (int i = 0; i < size && size > 1; i++)
            new Thread(Work) { IsBackground = true, Name = "SentimentML training" }.Start();
    }

    /// <summary>A thread for each core, or one where a thread cannot be given its share.</summary>
    public static ThreadTeam On(Device device) => new(device.type == DeviceType.CPU ? TorchThreads.Workers(device) : 1);

    /// <summary>How many parts are computed at once.</summary>
    public int Size { get; }

    /// <summary>Computes all parts. One alone has all cores, on the caller's thread.</summary>
    /// <param name="parts">How many.</param>
    /// <param name="compute">
    /// Computes one, counted from 0. What the first to fail throws is thrown when those in work have ended; the others are not begun.
    /// </param>
    public void Run(int parts, Action<int> compute)
    {
        if (Size == 1 || parts < 2)
        {
            for (int part = 0; part < parts; part++)
                compute(part);
            return;
        }
        int threads = Math.Max(1, _cores / Math.Min(parts, Size));
        ExceptionDispatchInfo? fault = null;
        using var left = new CountdownEvent(parts);
        for (int i = 0; i < parts; i++)
        {
            int part = i;
            _work.Add(() =>
            {
                try
                {
                    using TorchThreads.Setting share = TorchThreads.Use(threads);
                    if (Volatile.Read(ref fault) is null)
                        compute(part);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref fault, ExceptionDispatchInfo.Capture(e), null);
                }
                finally
                {
                    left.Signal();
                }
            });
        }
        left.Wait();
        fault?.Throw();
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        foreach (Action part in _work.GetConsumingEnumerable())
            part();
    }
}
