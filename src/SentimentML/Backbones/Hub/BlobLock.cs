namespace SentimentML.Backbones.Hub;

/// <summary>
/// One process at a time downloads a blob. The lock is the operating system's on an open file (flock on Unix, as the lock of
/// Hugging Face's tools), not the file's presence: a process that died leaves a file behind and no lock.
/// </summary>
internal static class BlobLock
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until the lock is free. Dispose what is returned to release it.</summary>
    /// <param name="path">The lock's file; its folder is made.</param>
    /// <param name="waiting">Called before each further try.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<IDisposable> TakeAsync(string path, Action waiting, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException e) when (IsHeldElsewhere(e))
            {
                waiting();
                await Task.Delay(BetweenTries, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>EWOULDBLOCK of Linux and macOS; ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows.</summary>
    private static bool IsHeldElsewhere(IOException e) =>
        OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33
        : OperatingSystem.IsMacOS() ? e.HResult == 35
        : e.HResult == 11;
}
