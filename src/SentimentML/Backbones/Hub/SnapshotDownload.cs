using System.Security.Cryptography;
using System.Text;

namespace SentimentML.Backbones.Hub;

/// <summary>Brings one revision of a model into the cache: asks for its commit, then for each file that the commit's snapshot lacks.</summary>
internal sealed class SnapshotDownload(
    HubSettings settings, HubReference reference, RepositoryCache cache, HubConnection connection, int retries, IProgress<HubProgress>? progress)
{
    /// <summary>How often a branch may move while its files are fetched.</summary>
    private const int MaximumMoves = 3;

    private bool _wrote;

    /// <summary>Downloads what is missing.</summary>
    /// <param name="cancellation">Stops the download; the partial file is kept and resumed next time.</param>
    /// <returns>The snapshot's folder.</returns>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        for (int moves = 0; ; moves++)
        {
            try
            {
                string commit = await FindCommitAsync(cancellation).ConfigureAwait(false);
                await FetchAllAsync(commit, cancellation).ConfigureAwait(false);
                RememberCommit(commit);
                return cache.SnapshotFolder(commit);
            }
            catch (HubException e) when (e.Failure is HubFailure.Moved && moves < MaximumMoves)
            {
                // The new commit is asked for; what both commits share is in the cache already.
            }
        }
    }

    /// <summary>The commit that the revision is now, with its configuration in the snapshot. A cached commit needs no request.</summary>
    private async Task<string> FindCommitAsync(CancellationToken cancellation)
    {
        if (HubReference.IsCommit(reference.Revision)
            && (cache.Has(reference.Revision, BackboneFiles.Config) || cache.Has(reference.Revision, AdapterFiles.Config)))
            return reference.Revision;
        string name = BackboneFiles.Config;
        HubAnswer answer = await connection.DescribeAsync(name, null, retries, cancellation).ConfigureAwait(false);
        if (answer.File is null)
        {
            name = AdapterFiles.Config;
            answer = await connection.DescribeAsync(name, null, retries, cancellation).ConfigureAwait(false);
        }
        if (answer.File is not { } config)
            throw NotABackbone(BackboneFiles.Config);
        string commit = answer.Commit ?? await FingerprintAsync(name, config, cancellation).ConfigureAwait(false);
        if (HubReference.IsCommit(reference.Revision) && commit != reference.Revision)
            throw new HubException(HubFailure.NotAHub,
                $"The hub at {HubConnection.Display(settings.Endpoint)} was asked for commit {reference.Revision} of '{reference.Id}' and answered with "
                + $"{commit}.");
        if (!cache.Has(commit, name))
            await FetchAsync(name, config, commit, cancellation).ConfigureAwait(false);
        return commit;
    }

    /// <summary>Stands for the commit that a mirror does not name: changes whenever the model's files do.</summary>
    private async Task<string> FingerprintAsync(string name, RemoteFile config, CancellationToken cancellation)
    {
        string known = Digest($"{HubConnection.Display(settings.Endpoint)} {reference.Id} {config.Tag}");
        foreach (string file in BackboneFiles.Identifying(name))
        {
            HubAnswer answer = await connection.DescribeAsync(file, known, retries, cancellation).ConfigureAwait(false);
            known = Digest($"{known} {file} {answer.File?.Tag}");
        }
        return known;

        static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..40];
    }

    private async Task FetchAllAsync(string commit, CancellationToken cancellation)
    {
        string folder = cache.SnapshotFolder(commit);
        Task<bool> IsCached(string file) => Task.FromResult(cache.Has(commit, file));
        Task<bool> Has(string file) => HasAsync(file, commit, cancellation);

        string? missing = await BackboneFiles.FindMissingTextAsync(folder, Has).ConfigureAwait(false);
        // Weights that another tool chose and kept are as good as those that would be chosen here.
        if (missing is null && await BackboneFiles.FindMissingWeightsAsync(folder, IsCached).ConfigureAwait(false) is not null)
            missing = await BackboneFiles.FindMissingWeightsAsync(folder, Has).ConfigureAwait(false);
        if (missing is not null && !await BackboneFiles.HasAdapterAsync(Has).ConfigureAwait(false))
            throw NotABackbone(missing);
    }

    /// <summary>Whether the commit has a file, which then is in its snapshot.</summary>
    private async Task<bool> HasAsync(string file, string commit, CancellationToken cancellation)
    {
        if (cache.Has(commit, file))
            return true;
        if (cache.IsKnownAbsent(commit, file))
            return false;
        HubAnswer answer = await connection.DescribeAsync(file, commit, retries, cancellation).ConfigureAwait(false);
        if (answer.Commit != commit)
            throw new HubException(HubFailure.Moved,
                $"{reference} moved from commit {commit} to {answer.Commit} while its files were fetched. Name a commit as revision, or try again later.");
        if (answer.File is { } remote)
            await FetchAsync(file, remote, commit, cancellation).ConfigureAwait(false);
        else
            Try(() => cache.RememberAbsent(commit, file));
        return answer.File is not null;
    }

    private async Task FetchAsync(string file, RemoteFile remote, string commit, CancellationToken cancellation)
    {
        _wrote = true;
        cache.Prepare(commit);
        string blob = cache.BlobPath(remote.Tag), part = cache.PartPath(remote.Tag);
        using IDisposable held = await BlobLock.TakeAsync(cache.LockPath(remote.Tag), () => ReportOthersWork(file, remote, part), cancellation)
            .ConfigureAwait(false);
        if (!(new FileInfo(blob) is { Exists: true } there && there.Length == remote.Size))
            await new BlobDownload(settings, connection, file, remote, blob, part, progress).RunAsync(cancellation).ConfigureAwait(false);
        cache.Place(remote.Tag, commit, file);
    }

    /// <summary>While another process downloads the blob, its part grows: that is shown.</summary>
    private void ReportOthersWork(string file, RemoteFile remote, string part)
    {
        if (progress is not null && new FileInfo(part) is { Exists: true } there)
            progress.Report(new HubProgress(file, Math.Min(there.Length, remote.Size), remote.Size, bytesPerSecond: 0));
    }

    /// <summary>Written last: until the new snapshot is whole, the cache names the one before.</summary>
    private void RememberCommit(string commit)
    {
        if (_wrote)
            cache.RememberCommit(commit);
        else
            Try(() => cache.RememberCommit(commit));
    }

    /// <summary>A note that spares a later request. A cache that may only be read serves without it.</summary>
    private static void Try(Action note)
    {
        try
        {
            note();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing was asked for that is not there.
        }
    }

    private HubException NotABackbone(string missing) => new(HubFailure.NotABackbone,
        $"The model {reference} on {HubConnection.Display(settings.Endpoint)} has no {missing}, so it is not a backbone that can be loaded. Name a model in "
            + "the layout of Hugging Face transformers, or a revision that has the file."
            + (missing == BackboneFiles.Config ? " It is no adapter either (adapter_config.json, with adapter_model.safetensors or adapter_model.bin)." : ""));
}
