using System.Collections.Concurrent;
using System.Diagnostics;
using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>
/// Answers concurrent calls together: what arrives while a batch is computed makes the next ones. One thread computes for all:
/// libtorch, OpenMP and malloc keep pools for each thread that calls them, which would add up for every caller. A call that
/// waits holds no thread.
/// </summary>
/// <remarks>
/// When the thread is free it takes the calls that have waited longest, up to <see cref="MaxTokensTaken"/> tokens, and answers them
/// in batches of like length, which an encoder computes faster than mixed ones; calls that arrive meanwhile are taken
/// afterwards. So a call waits at most for those before it and for those taken with it.
/// </remarks>
internal sealed class GatheringEngine : IInferenceEngine
{
    /// <summary>Tokens that are taken from the queue at once.</summary>
    public const int MaxTokensTaken = 8 * BatchPlan.MaxTokens;

    private readonly IInferenceEngine _engine;
    private readonly TimeSpan _delay;
    private readonly string _owner;
    private readonly int _maxRows;
    private readonly BlockingCollection<Call> _waiting = [];
    private readonly Thread _worker;
    private int _taken; // calls that were taken and whose batch has not begun
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

    /// <summary>Calls whose batch has not begun, those that were cancelled since they came included.</summary>
    public int WaitingCalls => _waiting.Count + Volatile.Read(ref _taken);

    /// <summary>Receives each batch before it is computed, on the thread that computes.</summary>
    public Action<GatheredBatch>? BatchStarted { get; set; }

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<TokenRow> rows) => Enqueue(new Call(rows)).GetAwaiter().GetResult().Logits;

    /// <summary>As <see cref="Logits"/>, without a thread that waits.</summary>
    /// <param name="rows">Ids, special ones included.</param>
    /// <param name="cancellationToken">Cancels the call. One that waits for its batch is dropped; the batch in work is finished for the other callers.</param>
    /// <exception cref="ObjectDisposedException">The engine was disposed before the call's batch began.</exception>
    public async Task<float[]> LogitsAsync(IReadOnlyList<TokenRow> rows, CancellationToken cancellationToken) =>
        (await AnswerAsync(rows, cancellationToken).ConfigureAwait(false)).Logits;

    /// <summary>As <see cref="LogitsAsync"/>, with the time that the call waited and the time that its batch took.</summary>
    /// <param name="rows">Ids, special ones included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ObjectDisposedException">The engine was disposed before the call's batch began.</exception>
    public async Task<GatheredAnswer> AnswerAsync(IReadOnlyList<TokenRow> rows, CancellationToken cancellationToken)
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

    private Task<GatheredAnswer> Enqueue(Call call)
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
        while (_waiting.TryTake(out Call? first, Timeout.Infinite))
        {
            List<Call> calls = Take(first);
            Volatile.Write(ref _taken, calls.Count);
            AnswerInBatches([.. calls.OrderBy(call => call.Longest)]); // the order of equals stays
        }
    }

    /// <summary>The calls that have waited longest, one at least.</summary>
    private List<Call> Take(Call first)
    {
        var calls = new List<Call> { first };
        int tokens = first.Tokens, rows = first.Rows.Count;
        long began = Stopwatch.GetTimestamp();
        TimeSpan patience = _waiting.Count == 0 ? _delay : TimeSpan.Zero;
        while (_maxRows > 0 && tokens < MaxTokensTaken && _waiting.TryTake(out Call? next, Remaining()))
        {
            calls.Add(next);
            tokens += next.Tokens;
            rows += next.Rows.Count;
        }
        return calls;

        // Nobody waits for company once there is a full batch.
        TimeSpan Remaining() => patience == TimeSpan.Zero || tokens >= BatchPlan.MaxTokens || rows >= _maxRows
            ? TimeSpan.Zero
            : TimeSpan.FromTicks(Math.Max(0, (patience - Stopwatch.GetElapsedTime(began)).Ticks));
    }

    /// <summary>Fills batches in the order of the calls, each up to the budget and with one call at least: a call is never cut.</summary>
    private void AnswerInBatches(Call[] calls)
    {
        var batch = new List<Call>();
        for (int at = 0; at < calls.Length;)
        {
            batch.Clear();
            int tokens = 0, rows = 0;
            for (; at < calls.Length; at++)
            {
                Call call = calls[at];
                if (_stopping)
                    call.TrySetException(DisposedModel.Error(_owner));
                if (call.Task.IsCompleted) // refused above, or cancelled by its caller
                    continue;
                if (batch.Count > 0 && (tokens + call.Tokens > BatchPlan.MaxTokens || rows + call.Rows.Count > _maxRows))
                    break;
                batch.Add(call);
                tokens += call.Tokens;
                rows += call.Rows.Count;
            }
            Volatile.Write(ref _taken, calls.Length - at);
            if (batch.Count > 0)
                Answer(batch, rows, tokens);
        }
    }

    private void Answer(List<Call> batch, int rows, int tokens)
    {
        try
        {
            long began = Stopwatch.GetTimestamp();
            BatchStarted?.Invoke(new GatheredBatch(rows, tokens));
            float[] logits = _engine.Logits([.. batch.SelectMany(call => call.Rows)]);
            TimeSpan computed = Stopwatch.GetElapsedTime(began);
            int labels = logits.Length / rows;
            int at = 0;
            foreach (Call call in batch)
                call.TrySetResult(new GatheredAnswer(logits[at..(at += call.Rows.Count * labels)], Stopwatch.GetElapsedTime(call.Came, began), computed));
        }
        catch (Exception e) // each caller gets it, none is left waiting
        {
            foreach (Call call in batch)
                call.TrySetException(e);
        }
    }

    /// <summary>What its caller does with the answer runs on the thread pool and not on the thread that computes.</summary>
    private sealed class Call(IReadOnlyList<TokenRow> rows) : TaskCompletionSource<GatheredAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public IReadOnlyList<TokenRow> Rows { get; } = rows;

        public int Tokens { get; } = rows.Sum(row => row.Length);

        public int Longest { get; } = rows.Count == 0 ? 0 : rows.Max(row => row.Length);

        public long Came { get; } = Stopwatch.GetTimestamp();
    }
}
