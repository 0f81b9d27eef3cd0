namespace SentimentML;

/// <summary>How far the download of one of a model's files is.</summary>
public sealed class HubProgress
{
    internal HubProgress(string file, long bytes, long totalBytes, double bytesPerSecond)
    {
        File = file;
        Bytes = bytes;
        TotalBytes = totalBytes;
        BytesPerSecond = bytesPerSecond;
    }

    /// <summary>The file's name in its repository, for instance "pytorch_model.bin".</summary>
    public string File { get; }

    /// <summary>
    /// Bytes that are there, with those of an earlier download that is resumed. Falls back to 0 when what came was wrong and
    /// was discarded.
    /// </summary>
    public long Bytes { get; }

    /// <summary>The file's size in bytes.</summary>
    public long TotalBytes { get; }

    /// <summary>The speed over the last seconds, in bytes per second. 0 until something came.</summary>
    public double BytesPerSecond { get; }

    /// <summary>The time that the rest of the file takes at that speed. Null while the speed is 0.</summary>
    public TimeSpan? TimeLeft => BytesPerSecond > 0
        ? TimeSpan.FromSeconds(Math.Min((TotalBytes - Bytes) / BytesPerSecond, TimeSpan.MaxValue.TotalSeconds / 2))
        : null;
}
