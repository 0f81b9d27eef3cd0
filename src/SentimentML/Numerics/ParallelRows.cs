using System.Runtime.ExceptionServices;

namespace SentimentML.Numerics;

/// <summary>Rows on all cores.</summary>
internal static class ParallelRows
{
    /// <summary>As Parallel.For, but what a row throws is thrown as it is, and not in an AggregateException that no caller expects.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="row">Does one, counted from 0.</param>
    /// <param name="cancellationToken">Stops the work. The default value is none.</param>
    public static void For(int count, Action<int> row, CancellationToken cancellationToken = default)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, row);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }
    }
}
