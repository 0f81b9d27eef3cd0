using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>A model's engine, built at the first question: a model that is only saved never pays for it.</summary>
internal sealed class DeferredEngine(Func<IInferenceEngine> build) : IInferenceEngine
{
    private readonly Lazy<IInferenceEngine> _engine = new(build);
    private bool _isDisposed;

    public string Description => Engine.Description;

    private IInferenceEngine Engine
    {
        get
        {
            RequireAlive();
            return _engine.Value;
        }
    }

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<TokenRow> rows) => Engine.Logits(rows);

    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void RequireAlive()
    {
        if (Volatile.Read(ref _isDisposed))
            throw new ObjectDisposedException(nameof(SentimentClassificationTransformer),
                "The model was disposed. A PredictionEngine owns its model and disposes it with itself unless PredictionEngineOptions.OwnsTransformer is false.");
    }

    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        if (_engine.IsValueCreated)
            _engine.Value.Dispose();
    }
}
