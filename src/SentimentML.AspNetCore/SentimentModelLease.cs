using SentimentML.AspNetCore.Models;

namespace SentimentML;

/// <summary>A model in use: it is not disposed before its lease is, even if it is replaced or unloaded meanwhile.</summary>
public sealed class SentimentModelLease : IDisposable
{
    private int _isDisposed;

    internal SentimentModelLease(ServedModel model) => Model = model;

    /// <summary>The model. Do not dispose it, and do not keep it longer than the lease.</summary>
    public SentimentClassifier Classifier => Model.Classifier;

    /// <summary>What clients call the model.</summary>
    public string Name => Model.Name;

    /// <summary>How often a model was loaded under that name, this one included.</summary>
    public int Version => Model.Version;

    internal ServedModel Model { get; }

    /// <summary>Ends the use.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            Model.Release();
    }
}
