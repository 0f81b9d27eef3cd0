using SentimentML.Encoders;
using SentimentML.Inference;

namespace SentimentML.Explanations;

/// <summary>
/// A classifier's network for explanations that need gradients, which its engine does not compute. The first explanation loads it; after
/// <see cref="Dispose"/> the last one frees it.
/// </summary>
/// <param name="load">Loads it. After a failure the next explanation tries again.</param>
internal sealed class ExplainedNetwork(Func<SequenceClassifier> load) : IDisposable
{
    private readonly object _gate = new(); // waited on, which a Lock cannot be
    private readonly Lock _loading = new();
    private SequenceClassifier? _network;
    private int _users;
    private bool _disposed;

    /// <summary>Uses the network, which stays until then.</summary>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public T Use<T>(Func<SequenceClassifier, T> use)
    {
        lock (_gate)
        {
            if (_disposed)
                throw DisposedModel.Error(nameof(SentimentClassifier));
            _users++;
        }
        try
        {
            return use(Loaded());
        }
        finally
        {
            lock (_gate)
            {
                _users--;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits for the explanations in work.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_users > 0)
                Monitor.Wait(_gate);
            _network?.Dispose();
            _network = null;
        }
    }

    private SequenceClassifier Loaded()
    {
        lock (_loading)
            return _network ??= load();
    }
}
