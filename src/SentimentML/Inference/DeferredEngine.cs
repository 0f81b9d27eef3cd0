using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>A model's engine, built at the first question: a model that is only saved never pays for it.</summary>
internal sealed class DeferredEngine(Func<GatheringEngine> build) : IInferenceEngine
{
    private readonly Lock _gate = new();
    private GatheringEngine? _engine;
    private bool _isDisposed;

    public string Description => Engine().Description;

    /// <inheritdoc/>
    public int MaxBatchTokens => Engine().MaxBatchTokens;

    /// <inheritdoc/>
    public bool CountsPadding => Engine().CountsPadding;

    /// <inheritdoc/>
    public int MaxBatchRows => Engine().MaxBatchRows;

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<TokenRow> rows) => Engine().Logits(rows);

    /// <inheritdoc/>
    public Task<float[]> LogitsAsync(IReadOnlyList<TokenRow> rows, CancellationToken cancellationToken) => Engine().LogitsAsync(rows, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<Task<float[]>> LogitsOfBatches(IReadOnlyList<TokenRow[]> batches, CancellationToken cancellationToken) =>
        Engine().LogitsOfBatches(batches, cancellationToken);

    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void RequireAlive()
    {
        if (Volatile.Read(ref _isDisposed))
            throw DisposedModel.Error(nameof(SentimentClassificationTransformer));
    }

    /// <summary>Finishes the batches in work.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Volatile.Write(ref _isDisposed, true);
            _engine?.Dispose();
            _engine = null;
        }
    }

    private GatheringEngine Engine()
    {
        lock (_gate)
        {
            RequireAlive();
            return _engine ??= build();
        }
    }
}
