using SentimentML.Backbones.Hub;
using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Backbones;

/// <summary>A backbone on the Hugging Face hub, by way of the cache that Hugging Face's tools share.</summary>
internal sealed class HubBackbone : Backbone
{
    private readonly string _id;
    private readonly string _revision;

    public HubBackbone(string id, string revision)
        : base(id)
    {
        HubReference.Parse(id, revision); // an invalid name is rejected here, not at the first Fit
        _id = id;
        _revision = revision;
    }

    /// <summary>Of an adapter that lies alone, also the model that it changes.</summary>
    public override async Task<string?> DownloadAsync(
        IProgress<HubProgress>? progress = null, Action<string>? warn = null, CancellationToken cancellationToken = default)
    {
        var client = new HubClient(HubSettings.FromEnvironment(warn));
        string folder = await client.DownloadAsync(_id, _revision, progress, cancellationToken).ConfigureAwait(false);
        if (AdapterFiles.HubBaseOf(ModelFiles.InFolder(folder)) is { } model)
            await client.DownloadAsync(model.Id, model.Revision, progress, cancellationToken).ConfigureAwait(false);
        return folder;
    }

    internal override ModelFiles Open(Action<string>? report, CancellationToken cancellationToken) =>
        AdapterFiles.OverBase(OpenAlone(report, cancellationToken), report, cancellationToken);

    /// <summary>The repository's own files.</summary>
    internal ModelFiles OpenAlone(Action<string>? report, CancellationToken cancellationToken) =>
        ModelFiles.InFolder(new HubClient(HubSettings.FromEnvironment(report))
            .Download(_id, _revision, report is null ? null : new InWords(report), cancellationToken));

    /// <summary>Reports on the downloading thread, in order (Progress would post to a pool).</summary>
    private sealed class InWords(Action<string> report) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => report(Localized.Format(
            $"Descargando {value.File}: {value.Bytes / 1e6:0.0} de {value.TotalBytes / 1e6:0.0} MB, {value.BytesPerSecond / 1e6:0.0} MB/s{Left(value)}",
            $"Downloading {value.File}: {value.Bytes / 1e6:0.0} of {value.TotalBytes / 1e6:0.0} MB, {value.BytesPerSecond / 1e6:0.0} MB/s{Left(value)}"));

        private static string Left(HubProgress value) =>
            value.TimeLeft is { } left ? Localized.Say($", quedan {left:m\\:ss}", $", {left:m\\:ss} left") : "";
    }
}
