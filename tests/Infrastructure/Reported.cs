namespace SentimentML.Tests.Infrastructure;

/// <summary>Receives progress on the thread that reports it, where <see cref="Progress{T}"/> would post it to another.</summary>
internal sealed class Reported<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
