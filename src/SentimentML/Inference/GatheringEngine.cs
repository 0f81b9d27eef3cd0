using System.Diagnostics;
using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>
/// Answers concurrent calls together, on the threads of a <see cref="WorkerPool"/>: what arrives while batches are computed makes the next
/// ones. A call that waits holds no thread.
/// </summary>
/// <remarks>
/// A free worker takes the calls that have waited longest, up to <see cref="MaxTokensTaken"/> tokens, which are answered in batches of like
/// length and divided among the workers; calls that arrive meanwhile are taken afterwards. So a call waits at most for those before it and
/// for those taken with it. A single call that finds all workers free has all cores, unless recent calls often overlapped: all cores spend
/// more processor time on a call than one core does, and calls that arrive meanwhile have to wait. Calls of a program that waits for each
/// answer never overlap. Batches that were formed by their caller (<see cref="LogitsOfBatches"/>) take turns with calls, and each is computed
/// on one core: its answers do not depend on how many workers there are, nor on what else is computed.
/// </remarks>
internal sealed class GatheringEngine : IInferenceEngine
{
    private const int BatchesTaken = 8;
    private const double NewestShare = 1.0 / 16; // of the running mean
    private const double MaxOverlap = 0.1;

    private readonly object _gate = new(); // waited on, which a Lock cannot be
    private readonly Queue<Call> _waiting = []; // in the order in which they came
    private readonly Queue<Call> _taken = []; // the next to be computed, by length
    private readonly Queue<Call> _apart = []; // batches formed by their caller
    private readonly IInferenceEngine _engine;
    private readonly WorkerPool _pool;
    private readonly Action<bool> _turn;
    private readonly TimeSpan _delay;
    private readonly string _owner;
    private readonly int _maxRows;
    private int _tokensOfBatch; // of the calls that were taken
    private int _turns; // that the pool has and that have not ended
    private readonly List<List<Call>> _working = []; // batches
    private double _overlap; // unanswered calls for each worker when one came: the mean of the latest
    private bool _apartIsNext;
    private bool _disposed;

    /// <param name="engine">What computes; disposed with this.</param>
    /// <param name="delay">How long a call that is alone waits for others.</param>
    /// <param name="together">Whether calls are answered together. The default value is true; otherwise each is a batch of its own.</param>
    /// <param name="owner">What a late call names as disposed. The default value is the classifier.</param>
    /// <param name="pool">The threads. The default value is null: the process's.</param>
    public GatheringEngine(IInferenceEngine engine, TimeSpan delay, bool together = true, string owner = nameof(SentimentClassifier), WorkerPool? pool = null)
    {
        _engine = engine;
        _delay = delay;
        _maxRows = together ? engine.MaxBatchRows : 0;
        _owner = owner;
        _pool = pool ?? WorkerPool.Shared;
        _turn = Turn;
    }

    public string Description => _engine.Description;

    /// <inheritdoc/>
    public int MaxBatchTokens => _engine.MaxBatchTokens;

    /// <inheritdoc/>
    public bool CountsPadding => _engine.CountsPadding;

    /// <inheritdoc/>
    public int MaxBatchRows => _engine.MaxBatchRows;

    /// <summary>Tokens that are taken from the queue at once.</summary>
    public int MaxTokensTaken => BatchesTaken * MaxBatchTokens;

    /// <summary>Calls whose batch has not begun, those that were cancelled since they came included.</summary>
    public int WaitingCalls
    {
        get
        {
            lock (_gate)
                return _waiting.Count + _taken.Count + _apart.Count;
        }
    }

    /// <summary>Receives each batch before it is computed, on the thread that computes.</summary>
    public Action<GatheredBatch>? BatchStarted { get; set; }

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<TokenRow> rows) => Enqueue(new Call(rows)).GetAwaiter().GetResult();

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
        using (call.CancelBy(cancellationToken))
            return new GatheredAnswer(await Enqueue(call).ConfigureAwait(false), call.Waited, call.Computed);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Task<float[]>> LogitsOfBatches(IReadOnlyList<TokenRow[]> batches, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool isAlone = batches.Count == 1; // with all cores where they are free
        Call[] calls = [.. batches.Select(batch => new Call(batch) { IsApart = !isAlone })];
        Enqueue(isAlone ? _waiting : _apart, calls);
        foreach (Call call in calls)
            call.CancelUntilAnswered(cancellationToken);
        return Array.ConvertAll(calls, call => call.Task); // which a thread can wait for without another thread of the pool
    }

    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    public void RequireAlive()
    {
        if (Volatile.Read(ref _disposed))
            throw DisposedModel.Error(_owner);
    }

    /// <summary>Finishes the batches in work. Calls that wait fail with an ObjectDisposedException.</summary>
    public void Dispose()
    {
        Call[] refused;
        lock (_gate)
        {
            if (_disposed)
                return;
            Volatile.Write(ref _disposed, true);
            refused = [.. _taken, .. _waiting, .. _apart];
            _taken.Clear();
            _waiting.Clear();
            _apart.Clear();
        }
        foreach (Call call in refused)
            call.TrySetException(DisposedModel.Error(_owner));
        lock (_gate)
            while (_working.Count > 0)
                Monitor.Wait(_gate);
        _engine.Dispose();
    }

    private Task<float[]> Enqueue(Call call)
    {
        Enqueue(_waiting, [call]);
        return call.Task;
    }

    private void Enqueue(Queue<Call> queue, Call[] calls)
    {
        lock (_gate)
        {
            RequireAlive();
            if (queue == _waiting)
                _overlap += NewestShare * (Math.Min(1.0, (double)UnansweredCalls / _engine.Workers) - _overlap);
            foreach (Call call in calls)
                queue.Enqueue(call);
            if (_delay == TimeSpan.Zero || queue == _apart || StartsAtOnce())
            {
                AskForTurns();
                return;
            }
        }
        _ = AskForTurnsLater();
    }

    /// <summary>Nobody waits for company once there is a full batch, or a batch in work after which calls are taken.</summary>
    private bool StartsAtOnce() => _turns > 0 || _waiting.Sum(call => call.Tokens) >= MaxBatchTokens || _waiting.Sum(call => call.Rows.Count) >= _maxRows;

    /// <summary>Calls that wait or are computed, without batches formed by their caller. Under the gate.</summary>
    private int UnansweredCalls =>
        _waiting.Count + _taken.Count + _working.Sum(batch => batch.Count(call => !call.IsApart && !call.Task.IsCompleted));

    private async Task AskForTurnsLater()
    {
        await Task.Delay(_delay).ConfigureAwait(false);
        lock (_gate)
            AskForTurns();
    }

    /// <summary>A turn for each call that waits, as long as there are workers. Under the gate.</summary>
    private void AskForTurns()
    {
        int wanted = Math.Min(_engine.Workers, _working.Count + _waiting.Count + _taken.Count + _apart.Count);
        if (wanted <= _turns)
            return;
        _pool.Post(_turn, wanted - _turns, _overlap < MaxOverlap); // at once: the first of several must not find itself alone
        _turns = wanted;
    }

    private void Turn(bool hasAllCores)
    {
        List<Call> batch = Next();
        if (batch.Count > 0)
            Answer(batch, hasAllCores);
        lock (_gate)
        {
            _turns--;
            _working.Remove(batch);
            AskForTurns();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The calls to be computed next; none if they were all cancelled.</summary>
    private List<Call> Next()
    {
        var batch = new List<Call>();
        lock (_gate)
        {
            _apartIsNext = !_apartIsNext;
            if (_apartIsNext)
                NextApart(batch);
            if (batch.Count == 0)
                NextTogether(batch);
            if (batch.Count == 0)
                NextApart(batch);
            if (batch.Count > 0)
                _working.Add(batch);
        }
        return batch;
    }

    private void NextApart(List<Call> batch)
    {
        while (batch.Count == 0 && _apart.TryDequeue(out Call? call))
            if (!call.Task.IsCompleted) // cancelled by its caller
                batch.Add(call);
    }

    /// <summary>Fills the batch with the shortest of the calls that were taken, up to its tokens and with one call at least: a call is never cut.</summary>
    private void NextTogether(List<Call> batch)
    {
        int tokens = 0, rows = 0;
        while (_taken.Count > 0 || (batch.Count == 0 && Take()))
        {
            Call call = _taken.Peek();
            if (!call.Task.IsCompleted)
            {
                bool fits = tokens + call.Tokens <= MaxBatchTokens && 2 * tokens + call.Tokens <= 2 * _tokensOfBatch && rows + call.Rows.Count <= _maxRows;
                if (batch.Count > 0 && !fits)
                    return;
                batch.Add(call);
                tokens += call.Tokens;
                rows += call.Rows.Count;
            }
            _taken.Dequeue();
        }
    }

    /// <summary>Takes the calls that have waited longest, and divides their tokens among the workers.</summary>
    private bool Take()
    {
        var calls = new List<Call>();
        int tokens = 0;
        while (_waiting.Count > 0 && (calls.Count == 0 || (_maxRows > 0 && tokens < MaxTokensTaken)))
        {
            Call call = _waiting.Dequeue();
            calls.Add(call);
            tokens += call.Tokens;
        }
        foreach (Call call in calls.OrderBy(call => call.Longest)) // the order of equals stays
            _taken.Enqueue(call);
        _tokensOfBatch = Math.Min(MaxBatchTokens, (tokens + _engine.Workers - 1) / _engine.Workers);
        return calls.Count > 0;
    }

    private void Answer(List<Call> batch, bool hasAllCores)
    {
        try
        {
            long began = Stopwatch.GetTimestamp();
            TokenRow[] rows = [.. batch.SelectMany(call => call.Rows)];
            BatchStarted?.Invoke(new GatheredBatch(rows.Length, batch.Sum(call => call.Tokens)));
            float[] logits = hasAllCores && !batch[0].IsApart ? _engine.Logits(rows) : _engine.LogitsOnOneCore(rows);
            TimeSpan computed = Stopwatch.GetElapsedTime(began);
            int labels = logits.Length / rows.Length;
            int at = 0;
            foreach (Call call in batch)
                call.Answer(logits[at..(at += call.Rows.Count * labels)], Stopwatch.GetElapsedTime(call.Came, began), computed);
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

        /// <summary>A batch of its own, computed on one core.</summary>
        public bool IsApart { get; init; }

        public int Tokens { get; } = rows.Sum(row => row.Length);

        public int Longest { get; } = rows.Count == 0 ? 0 : rows.Max(row => row.Length);

        public long Came { get; } = Stopwatch.GetTimestamp();

        public TimeSpan Waited { get; private set; }

        public TimeSpan Computed { get; private set; }

        public void Answer(float[] logits, TimeSpan waited, TimeSpan computed)
        {
            (Waited, Computed) = (waited, computed);
            TrySetResult(logits);
        }

        public void CancelUntilAnswered(CancellationToken cancellationToken)
        {
            if (cancellationToken.CanBeCanceled)
                Task.ContinueWith(static (_, registration) => ((CancellationTokenRegistration)registration!).Dispose(), CancelBy(cancellationToken),
                    CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        public CancellationTokenRegistration CancelBy(CancellationToken cancellationToken) =>
            cancellationToken.UnsafeRegister(static (waiting, token) => ((Call)waiting!).TrySetCanceled(token), this);
    }
}
