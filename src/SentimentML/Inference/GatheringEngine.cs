using System.Runtime.ExceptionServices;

namespace SentimentML.Inference;

/// <summary>
/// Answers calls of many threads together: what arrives while a batch is computed makes the next one. Whoever gets the
/// engine computes for all that wait, so there is no thread of its own and nothing to stop.
/// </summary>
/// <param name="engine">What computes; disposed with this.</param>
/// <param name="delay">How long the first of a batch waits for company.</param>
internal sealed class GatheringEngine(IInferenceEngine engine, TimeSpan delay) : IInferenceEngine
{
    private readonly Lock _engineGate = new();
    private readonly Queue<Call> _waiting = new();

    public string Description => engine.Description;

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<ReadOnlyMemory<int>> rows)
    {
        var call = new Call(rows);
        lock (_waiting)
            _waiting.Enqueue(call);
        if (delay > TimeSpan.Zero)
            Thread.Sleep(delay);
        lock (_engineGate)
        {
            // Calls leave the queue in their order, so this one is reached after those that came before it.
            while (!call.IsDone)
                Answer(NextBatch());
        }
        return call.Result();
    }

    public void Dispose() => engine.Dispose();

    /// <summary>The calls that have waited longest, as many as make a full batch, and one at least.</summary>
    private List<Call> NextBatch()
    {
        var batch = new List<Call>();
        lock (_waiting)
        {
            for (int tokens = 0, rows = 0; _waiting.TryPeek(out Call? next); batch.Add(_waiting.Dequeue()))
            {
                tokens += next.Rows.Sum(row => row.Length);
                rows += next.Rows.Count;
                if (batch.Count > 0 && (tokens > BatchPlan.MaxTokens || rows > BatchPlan.MaxRows))
                    break;
            }
        }
        return batch;
    }

    private void Answer(List<Call> batch)
    {
        try
        {
            float[] logits = engine.Logits([.. batch.SelectMany(call => call.Rows)]);
            int labels = logits.Length / batch.Sum(call => call.Rows.Count);
            int at = 0;
            foreach (Call call in batch)
            {
                call.Succeed(logits[at..(at += call.Rows.Count * labels)]);
            }
        }
        catch (Exception e) // each caller gets it, none is left waiting
        {
            foreach (Call call in batch)
                call.Fail(e);
        }
    }

    private sealed class Call(IReadOnlyList<ReadOnlyMemory<int>> rows)
    {
        private float[]? _logits;
        private ExceptionDispatchInfo? _failure;

        public IReadOnlyList<ReadOnlyMemory<int>> Rows { get; } = rows;

        public bool IsDone => _logits is not null || _failure is not null;

        public void Succeed(float[] logits) => _logits = logits;

        public void Fail(Exception e) => _failure = ExceptionDispatchInfo.Capture(e);

        public float[] Result()
        {
            _failure?.Throw();
            return _logits!;
        }
    }
}
