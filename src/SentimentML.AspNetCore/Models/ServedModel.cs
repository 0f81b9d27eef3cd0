using System.Diagnostics;
using SentimentML.AspNetCore.Observation;

namespace SentimentML.AspNetCore.Models;

/// <summary>One loaded version of a model. It is disposed when it was replaced or unloaded and its last user has gone.</summary>
internal sealed class ServedModel
{
    private const int MaxRetrySeconds = 60;
    private const double NewestShare = 0.1; // of the running mean

    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _uses = 1; // the registry's own
    private int _accepted;
    private double _secondsPerText;

    public ServedModel(ModelSource source, int version, SentimentClassifier classifier, ServerMetrics metrics)
    {
        Source = source;
        Version = version;
        Classifier = classifier;
        classifier.Gathering.BatchStarted = batch => metrics.BatchStarted(source.Name, batch);
    }

    public ModelSource Source { get; }

    public string Name => Source.Name;

    /// <summary>1 for the first that was loaded under its name, and so on.</summary>
    public int Version { get; }

    public SentimentClassifier Classifier { get; }

    /// <summary>Ends when the model's memory was given back.</summary>
    public Task Disposed => _disposed.Task;

    /// <summary>Texts that wait for their batch.</summary>
    public int WaitingTexts => Classifier.Gathering.WaitingCalls;

    /// <summary>The kind of device that answers, as text-embeddings-inference names it.</summary>
    public string ComputeType => Classifier.Engine.Contains("cuda", StringComparison.OrdinalIgnoreCase) ? "gpu" : "cpu";

    /// <summary>Keeps the model from being disposed until <see cref="Release"/>; false if it is being disposed already.</summary>
    public bool TryUse()
    {
        for (int uses = Volatile.Read(ref _uses); uses > 0;)
        {
            int seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
                return true;
            uses = seen;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
            Task.Run(Dispose); // waits for the batches in work, which no request should
    }

    /// <summary>Takes in texts, unless there would be more than the limit that are not yet answered.</summary>
    public bool TryAccept(int texts, int limit)
    {
        if (Interlocked.Add(ref _accepted, texts) <= limit)
            return true;
        Interlocked.Add(ref _accepted, -texts);
        return false;
    }

    /// <summary>Texts that were accepted are answered, or their client has left.</summary>
    public void Leave(int texts) => Interlocked.Add(ref _accepted, -texts);

    /// <summary>Learns how fast texts are answered, from those of one request that were just answered.</summary>
    /// <param name="texts">How many.</param>
    /// <param name="accepted">When they were accepted, as a <see cref="Stopwatch"/>'s timestamp.</param>
    public void Answered(int texts, long accepted)
    {
        // By Little's law: the time that a text spends here, divided by the texts that are here with it.
        double seconds = Stopwatch.GetElapsedTime(accepted).TotalSeconds / Math.Max(texts, Volatile.Read(ref _accepted));
        double mean = Volatile.Read(ref _secondsPerText);
        Volatile.Write(ref _secondsPerText, mean == 0 ? seconds : mean + (NewestShare * (seconds - mean)));
    }

    /// <summary>In how many seconds there is probably room again.</summary>
    public int RetryAfter => (int)Math.Clamp(Math.Ceiling(Volatile.Read(ref _accepted) * Volatile.Read(ref _secondsPerText)), 1, MaxRetrySeconds);

    /// <summary>Disposes the classifier; calls that wait in it fail.</summary>
    public void Dispose()
    {
        try
        {
            Classifier.Dispose();
            _disposed.TrySetResult();
        }
        catch (Exception e)
        {
            _disposed.TrySetException(e);
        }
    }
}
