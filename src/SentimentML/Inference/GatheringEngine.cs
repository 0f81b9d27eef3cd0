using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>
/// Answers calls of many threads together: what arrives while a batch is computed makes the next one. One thread computes
/// for all: libtorch, OpenMP and malloc keep pools for each thread that calls them, which would add up for every caller.
/// </summary>
internal sealed class GatheringEngine : IInferenceEngine
{
    private readonly IInferenceEngine _engine;
    private readonly TimeSpan _delay;
    private readonly BlockingCollection<Call> _waiting = [];
    private readonly Thread _worker;
    private bool _disposed;

    /// <param name="engine">What computes; disposed with this.</param>
    /// <param name="delay">How long the first call of a batch waits for company.</param>
    public GatheringEngine(IInferenceEngine engine, TimeSpan delay)
    {
        _engine = engine;
        _delay = delay;
        _worker = new Thread(Work) { IsBackground = true, Name = "SentimentML inference" };
        _worker.Start();
    }

    public string Description => _engine.Description;

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<TokenRow> rows)
    {
        var call = new Call(rows);
        try
        {
            _waiting.Add(call);
        }
        catch (InvalidOperationException e) // no more calls are taken
        {
            throw new ObjectDisposedException(nameof(SentimentClassifier), e);
        }
        return call.Wait();
    }

    /// <summary>Answers what waits, then ends.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        _waiting.CompleteAdding();
        _worker.Join();
        _waiting.Dispose();
        _engine.Dispose();
    }

    private void Work()
    {
        Call? left = null; // the first call that the last batch had no room for
        while (left is not null || _waiting.TryTake(out left, Timeout.Infinite))
            Answer(Batch(left, out left));
    }

    /// <summary>The calls that have waited longest, as many as make a full batch, and one at least.</summary>
    private List<Call> Batch(Call first, out Call? left)
    {
        if (_delay > TimeSpan.Zero && _waiting.Count == 0)
            Thread.Sleep(_delay);
        var batch = new List<Call> { first };
        int tokens = first.Tokens, rows = first.Rows.Count;
        while (_waiting.TryTake(out left))
        {
            tokens += left.Tokens;
            rows += left.Rows.Count;
            if (tokens > BatchPlan.MaxTokens || rows > BatchPlan.MaxRows)
                return batch;
            batch.Add(left);
        }
        return batch;
    }

    private void Answer(List<Call> batch)
    {
        try
        {
            float[] logits = _engine.Logits([.. batch.SelectMany(call => call.Rows)]);
            int labels = logits.Length / batch.Sum(call => call.Rows.Count);
            int at = 0;
            foreach (Call call in batch)
                call.Succeed(logits[at..(at += call.Rows.Count * labels)]);
        }
        catch (Exception e) // each caller gets it, none is left waiting
        {
            foreach (Call call in batch)
                call.Fail(e);
        }
    }

    private sealed class Call(IReadOnlyList<TokenRow> rows)
    {
        private readonly object _gate = new();
        private float[]? _logits;
        private ExceptionDispatchInfo? _failure;

        public IReadOnlyList<TokenRow> Rows { get; } = rows;

        public int Tokens { get; } = rows.Sum(row => row.Length);

        public void Succeed(float[] logits) => Finish(() => _logits = logits);

        public void Fail(Exception e) => Finish(() => _failure = ExceptionDispatchInfo.Capture(e));

        public float[] Wait()
        {
            lock (_gate)
                while (_logits is null && _failure is null)
                    Monitor.Wait(_gate);
            _failure?.Throw();
            return _logits!;
        }

        private void Finish(Action set)
        {
            lock (_gate)
            {
                set();
                Monitor.Pulse(_gate);
            }
        }
    }
}
