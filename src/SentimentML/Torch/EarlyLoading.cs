using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>Loads libtorch, which takes one core a fifth of a second, beside what else a start has to do.</summary>
internal static class EarlyLoading
{
    private static Task? _loading;

    /// <summary>Begins, unless it was begun. Who needs libtorch uses it as ever: the first use waits, and throws what went wrong.</summary>
    public static void Begin()
    {
        if (Volatile.Read(ref _loading) is null)
            Interlocked.CompareExchange(ref _loading, Task.Run(Load), null);
    }

    private static void Load()
    {
        try
        {
            LibTorchFolder.LoadNamed();
            _ = get_num_threads();
        }
        catch (Exception e) when (e is SentimentMLException or TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            // Thrown again at the first use, where somebody can be told.
        }
    }
}
