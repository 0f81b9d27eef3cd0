using System.Diagnostics;

namespace SentimentML.Backbones.Hub;

/// <summary>Turns bytes as they come into reports a few times a second, with a speed that follows the last seconds.</summary>
internal sealed class TransferMeter(string file, long totalBytes, IProgress<HubProgress>? progress)
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(200);

    /// <summary>A report's weight in the speed falls to 1/e in this time.</summary>
    private const double MemorySeconds = 3;

    private long _reportedAt;
    private long _reportedBytes;
    private double _speed;

    /// <summary>A connection begins to deliver at this byte: what was there before tells nothing of its speed.</summary>
    public void Start(long bytes)
    {
        _reportedAt = Stopwatch.GetTimestamp();
        _reportedBytes = bytes;
        Report(bytes);
    }

    /// <summary>So many of the file's bytes are there.</summary>
    public void Advance(long bytes)
    {
        double seconds = Stopwatch.GetElapsedTime(_reportedAt).TotalSeconds;
        if (progress is null || (seconds < BetweenReports.TotalSeconds && bytes < totalBytes))
            return;
        double latest = (bytes - _reportedBytes) / Math.Max(seconds, 1e-6);
        double weight = _speed == 0 ? 1 : 1 - Math.Exp(-seconds / MemorySeconds);
        _speed += weight * (latest - _speed);
        _reportedAt = Stopwatch.GetTimestamp();
        _reportedBytes = bytes;
        Report(bytes);
    }

    private void Report(long bytes) => progress?.Report(new HubProgress(file, bytes, totalBytes, _speed));
}
