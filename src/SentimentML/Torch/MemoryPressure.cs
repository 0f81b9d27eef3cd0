namespace SentimentML.Torch;

/// <summary>
/// Tells the garbage collector of memory that it does not see: a network is a few objects to it, and half a gigabyte to the
/// machine, so that it would wait long before it collects networks that were not disposed.
/// </summary>
internal sealed class MemoryPressure : IDisposable
{
    private long _bytes;

    public MemoryPressure(long bytes)
    {
        _bytes = bytes;
        if (bytes > 0)
            GC.AddMemoryPressure(bytes);
    }

    ~MemoryPressure() => Release();

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        long bytes = Interlocked.Exchange(ref _bytes, 0);
        if (bytes > 0)
            GC.RemoveMemoryPressure(bytes);
    }
}
