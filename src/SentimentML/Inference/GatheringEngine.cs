using System.Collections.Concurrent;
using System.Diagnostics;
using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>
/// Answers concurrent calls together: what arrives while a batch is computed makes the next one. One thread computes for all:
/// libtorch, OpenMP and malloc keep pools for each thread that calls them, which would add up for every caller. A call that
/// waits holds no thread.
/// </summary>
internal sealed class GatheringEngine : IInferenceEngine
{
    private readonly IInferenceEngine _engine;
    private readonly TimeSpan _delay;
    private readonly string _owner;
    private readonly int _maxRows;
    private readonly BlockingCollection<Call> _waiting = [];
    private readonly Thread _worker;
    private volatile bool _stopping;
    private bool _disposed;

    /// <param name="engine">What computes; disposed with this.</param>
    /// <param name="delay">How long a call that is alone waits for others.</param>
    /// <param name="together">Whether calls are answered together. The default value is true; otherwise each is a batch of its own.</param>
    /// <param name="owner">What a late call names as disposed. The default value is the classifier.</param>
    public GatheringEngine(IInferenceEngine engine, TimeSpan delay, bool together = true, string owner = nameof(SentimentClassifier))
    {
        _owner = owner;
        _engine = engine;
        _delay = delay;
        _maxRows = together ? BatchPlan.MaxRows : 0;
        _worker = new Thread(Work) { IsBackground = true, Name = "SentimentML inference" };
        _worker.Start();
    }

    public string Description => _engine.Description;

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<TokenRow> rows) => Enqueue(new Call(rows)).GetAwaiter().GetResult();

    /// <summary>As <see cref="Logits"/>, without a thread that waits.</summary>
    /// <param name="rows">Ids, special ones included.</param>
    /// <param name="cancellationToken">Cancels the call. One that waits for its batch is dropped; the batch in work is finished for the other callers.</param>
    /// <exception cref="ObjectDisposedException">The engine was disposed before the call's batch began.</exception>
    public async Task<float[]> LogitsAsync(IReadOnlyList<TokenRow> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = new Call(rows);
        using (cancellationToken.UnsafeRegister(static (waiting, token) => ((Call)waiting!).TrySetCanceled(token), call))
            return await Enqueue(call).ConfigureAwait(false);
    }

    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    public void RequireAlive()
    {
        if (Volatile.Read(ref _disposed))
            throw DisposedModel.Error(_owner);
    }

    /// <summary>Finishes the batch in work. Calls that wait fail with an ObjectDisposedException.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        _stopping = true;
        _waiting.CompleteAdding();
        _worker.Join();
        _waiting.Dispose();
        _engine.Dispose();
    }

    private Task<float[]> Enqueue(Call call)
    {
        try
        {
            _waiting.Add(call, CancellationToken.None);
        }
        catch (InvalidOperationException) // no more calls are taken, or (as ObjectDisposedException) the queue is gone
        {
            throw DisposedModel.Error(_owner);
        }
        return call.Task;
    }

    private void Work()
    {
        Call? left = null; // the first call that the last batch had no room for
        while (left is not null || _waiting.TryTake(out left, Timeout.Infinite))
        {
            if (_stopping)
                left.TrySetException(DisposedModel.Error(_owner));
            if (left.Task.IsCompleted) // refused above, or cancelled by its caller
                left = null;
            else
                Answer(Batch(left, out left));
        }
    }

    /// <summary>The calls that have waited longest, as many as make a full batch, and one at least.</summary>
    private List<Call> Batch(Call first, out Call? left)
    {
        var batch = new List<Call> { first };
        int tokens = first.Tokens, rows = first.Rows.Count;
        long began = Stopwatch.GetTimestamp();
        TimeSpan patience = _waiting.Count == 0 ? _delay : TimeSpan.Zero;
        left = null;
        while (rows < _maxRows && _waiting.TryTake(out left, Remaining()))
        {
            if (left.Task.IsCompleted)
                continue;
            tokens += left.Tokens;
            rows += left.Rows.Count;
            if (tokens > BatchPlan.MaxTokens || rows > _maxRows)
                return batch;
            batch.Add(left);
        }
        left = null;
        return batch;

        TimeSpan Remaining() => patience == TimeSpan.Zero ? patience : TimeSpan.FromTicks(Math.Max(0, (patience - Stopwatch.GetElapsedTime(began)).Ticks));
    }

    private void Answer(List<Call> batch)
    {
        try
        {
            float[] logits = _engine.Logits([.. batch.SelectMany(call => call.Rows)]);
            int labels = logits.Length / batch.Sum(call => call.Rows.Count);
            int at = 0;
            foreach (Call call in batch)
                call.TrySetResult(logits[at..(at += call.Rows.Count * labels)]);
        }
        catch (Exception e) // each caller gets it, none is left waiting
        {
            foreach (Call call in batch)
                call.TrySetException(e);
        }
    }

    /// <summary>What its caller does with the answer runs on the thread pool and not on the thread that computes.</summary>
    private sealed class Call(IReadOnlyList<TokenRow> rows) : TaskCompletionSource<float[]>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public IReadOnlyList<TokenRow> Rows { get; } = rows;

        public int Tokens { get; } = rows.Sum(row => row.Length);
    }
}
