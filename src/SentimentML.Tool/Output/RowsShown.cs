using System.Diagnostics;

namespace SentimentML.Tool.Output;

/// <summary>Shows how many rows are done, how fast they go, and, once their number is known, the time left.</summary>
/// <param name="screen">Where it is shown.</param>
/// <param name="total">Counts the rows meanwhile; null if they are not counted.</param>
internal sealed class RowsShown(Screen screen, Task<long>? total) : IProgress<long>
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    /// <summary>Before, the speed says more of the start than of the rows.</summary>
    private static readonly TimeSpan BeforeTimeLeft = TimeSpan.FromSeconds(3);

    private long _started = Stopwatch.GetTimestamp();
    private long _shown = Stopwatch.GetTimestamp();

    /// <summary>"1 row", "30 rows".</summary>
    public static string Rows(long rows) => Language.Counted(rows, ("fila", "filas"), ("row", "rows"));

    /// <summary>Starts the clock again, for another model on the same rows.</summary>
    public void Restart() => _started = _shown = Stopwatch.GetTimestamp();

    /// <summary>
    /// Receives the number of rows done. Rows come window by window, so what is shown with a window's first row is how far the ones before
    /// went.
    /// </summary>
    public void Report(long value)
    {
        if (value == 1 || Stopwatch.GetElapsedTime(_shown) < Between)
            return;
        _shown = Stopwatch.GetTimestamp();
        TimeSpan took = Stopwatch.GetElapsedTime(_started);
        double speed = value / took.TotalSeconds;
        // A file that cannot be counted cannot be read either: the reader will say why.
        if (total is { IsCompletedSuccessfully: true, Result: > 0 and var all })
            screen.Show(
                Language.Format($"{value:N0} de {all:N0} filas, {speed:N0} filas/s", $"{value:N0} of {all:N0} rows, {speed:N0} rows/s")
                    + (took < BeforeTimeLeft ? "" : Duration.Phrase(TimeSpan.FromSeconds((all - value) / speed))), value / (double)all);
        else
            screen.Show(Language.Format($"{value:N0} filas, {speed:N0} filas/s", $"{value:N0} rows, {speed:N0} rows/s"));
    }
}
