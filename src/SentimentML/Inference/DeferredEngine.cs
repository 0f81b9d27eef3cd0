using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>
/// A model's engine, built at the first question: a model that is only saved never pays for it. One question is answered at a time,
/// and a model that is disposed meanwhile is freed after the answer.
/// </summary>
internal sealed class DeferredEngine(Func<IInferenceEngine> build) : IInferenceEngine
{
    private readonly Lock _gate = new();
    private IInferenceEngine? _engine;
    private bool _isDisposed;

    public string Description
    {
        get
        {
            lock (_gate)
                return Engine().Description;
        }
    }

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<TokenRow> rows)
    {
        lock (_gate)
            return Engine().Logits(rows);
    }

    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void RequireAlive()
    {
        if (Volatile.Read(ref _isDisposed))
            throw DisposedModel.Error(nameof(SentimentClassificationTransformer));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Volatile.Write(ref _isDisposed, true);
            _engine?.Dispose();
            _engine = null;
        }
    }

    /// <summary>Under the gate.</summary>
    private IInferenceEngine Engine()
    {
        RequireAlive();
        return _engine ??= build();
    }
}
