using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>An engine that is built at the first question: a model that is only saved never pays for it.</summary>
internal sealed class DeferredEngine(Func<IInferenceEngine> build) : IInferenceEngine
{
    private readonly Lazy<IInferenceEngine> _engine = new(build);

    public string Description => _engine.Value.Description;

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<TokenRow> rows) => _engine.Value.Logits(rows);

    public void Dispose()
    {
        if (_engine.IsValueCreated)
            _engine.Value.Dispose();
    }
}
