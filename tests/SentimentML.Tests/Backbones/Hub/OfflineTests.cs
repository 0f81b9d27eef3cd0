using System.Net;
using System.Net.Sockets;
using SentimentML.Backbones.Hub;

namespace SentimentML.Tests.Backbones.Hub;

public class OfflineTests
{
    [Fact]
    public async Task Offline_a_cached_model_is_used_without_a_request()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string folder = await hub.DownloadAsync();
        hub.ForgetRequests();

        Assert.Equal(folder, await hub.Client(offline: true).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));

        Assert.Empty(hub.Server.Requests);
    }

    [Fact]
    public async Task Offline_without_a_cached_model_the_error_names_the_three_ways_on()
    {
        await using TestHub hub = await TestHub.StartAsync();

        var e = await Assert.ThrowsAsync<HubException>(
            () => hub.Client(offline: true).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(
            $"""
            The model 'org/tiny' (revision main) cannot be had from the hub at {hub.Server.Address}. HF_HUB_OFFLINE is set, so only the cache was searched: it does not know this model at this revision.
            Three ways on:
            1. A folder with the model's files: its path in place of the id, in C# by Backbone.FromFolder("path").
            2. An offline cache: a cache that already holds the model, as Hugging Face's tools write it, named by HF_HOME or HF_HUB_CACHE (searched: {hub.Cache}).
            3. An embedded model: "small" in place of the id on the command line, SpanishSmall.Backbone of the package SentimentML.SpanishSmall in C#.
            """, e.Message);
        Assert.Empty(hub.Server.Requests);
    }

    [Fact]
    public async Task Offline_with_half_a_model_the_error_says_what_is_missing()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string folder = await hub.DownloadAsync();
        File.Delete(Path.Combine(folder, "model.safetensors"));

        var e = await Assert.ThrowsAsync<HubException>(
            () => hub.Client(offline: true).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));

        Assert.Contains($"{folder} has no weights", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Out_of_reach_a_cached_model_is_used_at_once_and_the_user_told()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string folder = await hub.DownloadAsync();
        HubSettings reachable = hub.Settings();
        var settings = new HubSettings { Endpoint = NobodyListens(), CacheFolder = reachable.CacheFolder, PauseAsync = reachable.PauseAsync,
            Warn = reachable.Warn };

        Assert.Equal(folder, await new HubClient(settings).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));

        Assert.Empty(hub.Pauses);
        Assert.Contains(folder, Assert.Single(hub.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, null)]
    [InlineData(403, "GatedRepo")]
    [InlineData(503, null)]
    public async Task A_hub_that_refuses_leaves_the_cached_model_usable(int status, string? code)
    {
        await using TestHub hub = await TestHub.StartAsync();
        string folder = await hub.DownloadAsync();
        hub.Server.Fault = context => TestHub.RefuseAsync(context, status, code);

        Assert.Equal(folder, await hub.DownloadAsync());
    }

    [Fact]
    public async Task Out_of_reach_without_a_cached_model_the_error_says_what_was_tried()
    {
        await using TestHub hub = await TestHub.StartAsync();
        Uri endpoint = NobodyListens();
        HubSettings reachable = hub.Settings();
        var settings = new HubSettings { Endpoint = endpoint, CacheFolder = reachable.CacheFolder, PauseAsync = reachable.PauseAsync };

        var e = await Assert.ThrowsAsync<HubException>(
            () => new HubClient(settings).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));

        Assert.Contains($"Tried HEAD {endpoint}org/tiny/resolve/main/config.json: Connection refused ({endpoint.Authority})", e.Message,
            StringComparison.Ordinal);
        Assert.Contains("). Tried 3 times.", e.Message, StringComparison.Ordinal);
        foreach (string way in new[] { "Backbone.FromFolder", "HF_HOME", "HF_HUB_CACHE", "SentimentML.SpanishSmall", "\"small\"" })
            Assert.Contains(way, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_says_nothing_is_given_up_after_three_tries()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        HubSettings patient = hub.Settings();
        var settings = new HubSettings
        {
            Endpoint = patient.Endpoint, CacheFolder = patient.CacheFolder, PauseAsync = patient.PauseAsync,
            AnswerTimeout = TimeSpan.FromMilliseconds(200),
        };

        var e = await Assert.ThrowsAsync<HubException>(
            () => new HubClient(settings).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));

        Assert.Contains("no answer within", e.Message, StringComparison.Ordinal);
        Assert.Equal(3, hub.Heads.Count());
    }

    [Fact]
    public async Task A_snapshot_that_the_reference_wrote_is_used_without_a_body()
    {
        await using TestHub hub =
            await TestHub.StartAsync("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "pytorch_model.bin");
        string folder = Path.Combine(hub.Model, "snapshots", hub.Commit);
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(Path.Combine(hub.Model, "blobs"));
        Directory.CreateDirectory(Path.Combine(hub.Model, "refs"));
        File.WriteAllText(Path.Combine(hub.Model, "refs", "main"), hub.Commit);
        foreach (string file in hub.Files.Keys)
        {
            File.WriteAllBytes(Path.Combine(hub.Model, "blobs", hub.TagOf(file)), hub.Files[file]);
            File.CreateSymbolicLink(Path.Combine(folder, file), $"../../blobs/{hub.TagOf(file)}");
        }

        Assert.Equal(folder, await hub.DownloadAsync());
        Assert.Equal(folder, await hub.Client(offline: true).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));

        Assert.Empty(hub.Gets);
        Assert.DoesNotContain(hub.Heads, target => target.Contains("safetensors", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blob_that_another_revision_brought_is_not_fetched_again()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Revisions.Add("v1");
        await hub.DownloadAsync();
        hub.ForgetRequests();
        hub.Commit = new string('c', 40);

        string folder = await hub.DownloadAsync("v1");

        Assert.Empty(hub.Gets);
        hub.AssertHolds(folder, [.. hub.Files.Keys]);
    }

    [Fact]
    public async Task A_blob_that_was_cut_off_is_fetched_again_when_another_revision_needs_it()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.DownloadAsync();
        using (FileStream blob = File.OpenWrite(Path.Combine(hub.Model, "blobs", hub.TagOf("model.safetensors"))))
            blob.SetLength(1000);
        hub.ForgetRequests();
        hub.Commit = new string('b', 40);

        hub.AssertHolds(await hub.DownloadAsync(), [.. hub.Files.Keys]);

        Assert.Equal(["GET /store/model.safetensors?Signature=secret-signature"], hub.Gets);
    }

    [Fact]
    public async Task A_link_whose_blob_is_gone_is_mended()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string folder = await hub.DownloadAsync();
        File.Delete(Path.Combine(hub.Model, "blobs", hub.TagOf("model.safetensors")));

        Assert.Equal(folder, await hub.DownloadAsync());

        hub.AssertHolds(folder, [.. hub.Files.Keys]);
    }

    /// <summary>An address where connections are refused.</summary>
    private static Uri NobodyListens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return new Uri($"http://127.0.0.1:{port}");
    }
}
