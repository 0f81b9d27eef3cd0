using SentimentML.Wording;

namespace SentimentML.Backbones.Hub;

/// <summary>
/// Gets models from the Hugging Face hub, or from a mirror, through the cache that Hugging Face's own tools use. Requests and
/// cache follow huggingface_hub's hf_hub_download (https://github.com/huggingface/huggingface_hub, src/huggingface_hub/file_download.py).
/// </summary>
internal sealed class HubClient(HubSettings settings)
{
    /// <summary>As <see cref="DownloadAsync"/>, for callers that cannot wait otherwise than by blocking.</summary>
    public string Download(string id, string revision = HubReference.DefaultRevision, IProgress<HubProgress>? progress = null,
        CancellationToken cancellation = default) =>
        Task.Run(() => DownloadAsync(id, revision, progress, cancellation), CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Makes sure that the cache holds what a backbone needs of a model: configuration, tokenizer, weights.</summary>
    /// <param name="id">"org/name" or "name".</param>
    /// <param name="revision">A branch, tag, commit, or "refs/pr/1".</param>
    /// <param name="progress">Receives a file's progress a few times a second.</param>
    /// <param name="cancellation">Stops the download; the partial file is kept and resumed next time.</param>
    /// <returns>The folder of the snapshot with the files.</returns>
    /// <exception cref="ArgumentException">The id or the revision cannot be one.</exception>
    /// <exception cref="SentimentMLException">The hub, the cache or the model does not give what is needed; the message says what to do.</exception>
    public async Task<string> DownloadAsync(
        string id, string revision = HubReference.DefaultRevision, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        HubReference reference = HubReference.Parse(id, revision);
        var cache = new RepositoryCache(settings, reference);
        try
        {
            (string? folder, string missing) = await FindCachedAsync(reference, cache).ConfigureAwait(false);
            if (settings.Offline)
                return folder ?? throw new HubException(
                    HubFailure.Unreachable, WithWaysOn(reference, $"HF_HUB_OFFLINE is set, so only the cache was searched: {missing}"));
            return await BringUpToDateAsync(reference, cache, folder, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The cache in {settings.CacheFolder} cannot be used for {reference}: {e.Message} Correct its permissions or make "
                + "room on its disk, or set HF_HOME or HF_HUB_CACHE to another folder.", e);
        }
    }

    private async Task<string> BringUpToDateAsync(
        HubReference reference, RepositoryCache cache, string? cached, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        using var connection = new HubConnection(settings, reference);
        try
        {
            // With a whole snapshot at hand nobody should wait for a hub that does not answer.
            int retries = cached is null ? settings.Retries : 0;
            return await new SnapshotDownload(settings, reference, cache, connection, retries, progress).RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (HubException e) when (cached is not null && e.CacheMayServe)
        {
            settings.Warn?.Invoke(Localized.Say($"No se pudo preguntar al hub por {reference}; se usa la copia que hay en {cached}. {e.Message}",
                $"The hub could not be asked for {reference}; the copy of it in {cached} is used. {e.Message}"));
            return cached;
        }
        catch (HubException e) when (e.IsOutOfReach)
        {
            throw new HubException(e.Failure, WithWaysOn(reference, $"Tried {e.Message}"), e);
        }
    }

    private static async Task<(string? Folder, string Missing)> FindCachedAsync(HubReference reference, RepositoryCache cache)
    {
        if (cache.KnownCommit() is not { } commit)
            return (null, "it does not know this model at this revision.");
        string folder = cache.SnapshotFolder(commit);
        string? missing = await BackboneFiles.FindMissingAsync(folder, file => Task.FromResult(cache.Has(commit, file))).ConfigureAwait(false);
        return missing is null ? (folder, "") : (null, $"{folder} has no {missing}.");
    }

    private string WithWaysOn(HubReference reference, string tried) =>
        $"""
        The model {reference} cannot be had from the hub at {HubConnection.Display(settings.Endpoint)}. {tried}
        Three ways on:
        1. A folder with the model's files: its path in place of the id, in C# by Backbone.FromFolder("path").
        2. An offline cache: a cache that already holds the model, as Hugging Face's tools write it, named by HF_HOME or HF_HUB_CACHE (searched: {settings.CacheFolder}).
        3. An embedded model: "small" in place of the id on the command line, SpanishSmall.Backbone of the package SentimentML.SpanishSmall in C#.
        """;
}
