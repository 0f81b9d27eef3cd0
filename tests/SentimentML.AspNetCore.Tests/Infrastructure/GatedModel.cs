using SentimentML.Inference;
using SentimentML.Tokenization;

namespace SentimentML.AspNetCore.Tests.Infrastructure;

/// <summary>The tiny classifier with a gate before its network: while it is closed, texts wait.</summary>
internal sealed class GatedModel : IDisposable
{
    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private readonly WorkerPool _pool = new(workers: 1); // a closed gate holds up no other model
    private int _rows;

    /// <summary>Texts that reached the network since the gate was closed.</summary>
    public int Rows => Volatile.Read(ref _rows);

    public SentimentClassifier Load()
    {
        TextScorer scorer = TestServer.LoadClassifier().Scorer;
        return new SentimentClassifier(scorer with { Engine = new GatheringEngine(new Gated(this, scorer.Engine), TimeSpan.Zero, pool: _pool) });
    }

    public void Close()
    {
        _gate.Reset();
        Volatile.Write(ref _rows, 0);
    }

    public void Open() => _gate.Set();

    public void Dispose()
    {
        Open();
        _gate.Dispose();
        _pool.Dispose();
    }

    private sealed class Gated(GatedModel model, IInferenceEngine engine) : IInferenceEngine
    {
        public string Description => engine.Description;

        public float[] Logits(IReadOnlyList<TokenRow> rows)
        {
            Interlocked.Add(ref model._rows, rows.Count);
            model._gate.Wait();
            return engine.Logits(rows);
        }

        public void Dispose() => engine.Dispose();
    }
}
