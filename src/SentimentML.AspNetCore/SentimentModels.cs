using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Observation;

#pragma warning disable RS0026 // A path and a function cannot be taken for each other, so both LoadAsync may have optional parameters.

namespace SentimentML;

/// <summary>
/// The models of a server, by name: loaded, replaced and unloaded while requests are answered. A request uses the model that was
/// there when it came, to its end. Safe to use from many threads at once.
/// </summary>
public sealed class SentimentModels : IAsyncDisposable
{
    private readonly ServerMetrics _metrics;
    private readonly SemaphoreSlim _changing = new(1);
    private readonly Dictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly List<Task> _disposals = [];
    private ImmutableArray<ServedModel> _models = [];
    private string? _first;
    private bool _isDisposed;

    internal SentimentModels(ServerMetrics metrics)
    {
        _metrics = metrics;
        metrics.WaitingTexts = () => _models.Sum(model => model.WaitingTexts);
    }

    /// <summary>
    /// The loaded models' names, in the order in which they were loaded. The model that was loaded first of all answers requests that name none. While it is
    /// unloaded they are answered 503, and not by another model; one that is loaded under its name is that model again.
    /// </summary>
    public IReadOnlyList<string> Names => [.. Snapshot.Select(model => model.Name)];

    /// <summary>The name of the model that answers requests that name none; null before any was loaded.</summary>
    internal string? First => Volatile.Read(ref _first);

    private ImmutableArray<ServedModel> Snapshot => ImmutableInterlocked.InterlockedCompareExchange(ref _models, default, default);

    /// <summary>Uses a model.</summary>
    /// <param name="name">Its name; null for the model that was loaded first of all.</param>
    /// <param name="lease">The use, to be disposed; null if there is no such model.</param>
    /// <returns>Whether there is such a model.</returns>
    public bool TryAcquire(string? name, [NotNullWhen(true)] out SentimentModelLease? lease)
    {
        name ??= First;
        while (Snapshot.FirstOrDefault(model => model.Name == name) is { } found)
        {
            if (found.TryUse())
            {
                lease = new SentimentModelLease(found);
                return true;
            }
            // It was replaced or unloaded since: the next snapshot knows.
        }
        lease = null;
        return false;
    }

    /// <summary>Loads a model under a name. One that has the name already answers until the new one is ready, and is disposed after its last request.</summary>
    /// <param name="name">What clients call it: letters, digits, '.', '-' and '_', at most 100.</param>
    /// <param name="path">A model folder, a zip that ml.Model.Save wrote, or a model on the Hugging Face hub, "organization/name".</param>
    /// <param name="options">How to compute. The default value is null: the options' defaults.</param>
    /// <param name="cancellationToken">Cancels the loading.</param>
    /// <returns>A task that ends when the new model answers.</returns>
    /// <exception cref="ArgumentException">The name has other characters.</exception>
    /// <exception cref="SentimentMLException">The model cannot be loaded; the one before it still answers.</exception>
    public Task LoadAsync(string name, string path, SentimentClassifierOptions? options = null, CancellationToken cancellationToken = default) =>
        LoadAsync(ModelSource.At(name, path, options), cancellationToken);

    /// <summary>As <see cref="LoadAsync(string, string, SentimentClassifierOptions?, CancellationToken)"/>, with a model that the caller loads.</summary>
    /// <param name="name">What clients call it: letters, digits, '.', '-' and '_', at most 100.</param>
    /// <param name="load">Loads it; the server disposes it.</param>
    /// <param name="cancellationToken">Cancels the loading.</param>
    /// <returns>A task that ends when the new model answers.</returns>
    /// <exception cref="ArgumentException">The name has other characters.</exception>
    public Task LoadAsync(string name, Func<CancellationToken, SentimentClassifier> load, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(load);
        return LoadAsync(new ModelSource(ModelSource.CheckedName(name), name, load), cancellationToken);
    }

    /// <summary>Unloads a model. Requests that use it are answered first; new ones do not find it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Stops the waiting; the model is unloaded all the same.</param>
    /// <returns>A task that ends when the model's memory was given back; its result is false if there is no such model.</returns>
    public async Task<bool> UnloadAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ServedModel? old;
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            old = _models.FirstOrDefault(model => model.Name == name);
            if (old is null)
                return false;
            Publish(_models.Remove(old));
            Retire(old);
        }
        finally
        {
            _changing.Release();
        }
        await old.Disposed.WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Disposes all models. Texts that are being computed are answered first; calls that still wait fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            _isDisposed = true;
            ImmutableArray<ServedModel> models = _models;
            Publish([]);
            await Task.WhenAll([.. models.Select(model => Task.Run(model.Dispose)), .. _disposals]).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    internal async Task LoadAsync(ModelSource source, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            SentimentClassifier classifier = await Task.Run(() => WarmedUp(source.Load(cancellationToken)), cancellationToken).ConfigureAwait(false);
            int version = _versions[source.Name] = _versions.GetValueOrDefault(source.Name) + 1;
            var model = new ServedModel(source, version, classifier, _metrics);
            ServedModel? old = _models.FirstOrDefault(other => other.Name == source.Name);
            Publish(old is not null ? _models.Replace(old, model) : source.Name == _first ? _models.Insert(0, model) : _models.Add(model));
            _first ??= source.Name;
            if (old is not null)
                Retire(old);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>The first text that a network sees takes far longer than those after it.</summary>
    private static SentimentClassifier WarmedUp(SentimentClassifier classifier)
    {
        try
        {
            classifier.Classify("bueno");
            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    private void Publish(ImmutableArray<ServedModel> models) => ImmutableInterlocked.InterlockedExchange(ref _models, models);

    private void Retire(ServedModel model)
    {
        _disposals.RemoveAll(disposal => disposal.IsCompletedSuccessfully);
        _disposals.Add(model.Disposed);
        model.Release();
    }
}
