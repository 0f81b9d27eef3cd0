using Microsoft.AspNetCore.Http;
using SentimentML.Backbones.Hub;

namespace SentimentML.Tests.Backbones.Hub;

public class BrokenTransferTests
{
    private const string Weights = "model.safetensors";

    [Fact]
    public async Task A_download_that_breaks_off_is_gone_on_with_where_it_stopped()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Cdn.Fault = Times(3, async context => await TestHub.WriteAsync(context, hub.Files[Weights], breakAfter: 100_000));

        string folder = await hub.DownloadAsync();

        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(folder, Weights)));
        Assert.Equal([null, "bytes=100000-", "bytes=200000-", "bytes=300000-"], hub.Cdn.Requests.Select(r => r.Range));
        Assert.Empty(Directory.GetFiles(Path.Combine(hub.Model, "blobs"), "*.incomplete"));
    }

    [Fact]
    public async Task Breaks_that_each_bring_the_file_further_never_make_it_give_up()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Cdn.Fault = Times(20, async context => await TestHub.WriteAsync(context, hub.Files[Weights], breakAfter: 10_000));

        string folder = await hub.DownloadAsync();

        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(folder, Weights)));
        Assert.All(hub.Pauses, pause => Assert.Equal(TimeSpan.FromSeconds(1), pause));
    }

    [Fact]
    public async Task Breaks_that_bring_nothing_end_in_an_error_and_the_part_is_kept()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Cdn.Fault = async context =>
        {
            await TestHub.WriteAsync(context, hub.Files[Weights], breakAfter: context.Request.Headers.Range.Count == 0 ? 50_000 : 0);
            return true;
        };

        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync());

        Assert.Equal(HubFailure.Unreachable, e.Failure);
        Assert.Contains("Three ways on", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-signature", e.Message, StringComparison.Ordinal);
        Assert.Equal(50_000, new FileInfo(PartOf(hub)).Length);
        Assert.Equal([1, 2, 4, 8], hub.Pauses.Select(pause => pause.TotalSeconds));
        Assert.False(File.Exists(Path.Combine(hub.Model, "refs", "main")), "a snapshot that is not whole is not named");
    }

    [Fact]
    public async Task A_server_that_ignores_Range_begins_anew()
    {
        await using TestHub hub = await TestHub.StartAsync();
        byte[] bytes = hub.Files[Weights];
        Directory.CreateDirectory(Path.GetDirectoryName(PartOf(hub))!);
        File.WriteAllBytes(PartOf(hub), bytes[..1000]);
        hub.Cdn.Fault = async context =>
        {
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes);
            return true;
        };

        string folder = await hub.DownloadAsync();

        Assert.Equal(["bytes=1000-"], hub.Cdn.Requests.Select(r => r.Range));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(folder, Weights)));
    }

    [Theory]
    [InlineData(416, null)]
    [InlineData(206, "bytes 7-99/100")]
    public async Task A_server_that_cannot_go_on_there_is_asked_from_the_start(int status, string? contentRange)
    {
        await using TestHub hub = await TestHub.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(PartOf(hub))!);
        File.WriteAllBytes(PartOf(hub), hub.Files[Weights][..1000]);
        hub.Cdn.Fault = Times(1, context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.ContentRange = contentRange;
            return Task.CompletedTask;
        });

        string folder = await hub.DownloadAsync();

        Assert.Equal(["bytes=1000-", null], hub.Cdn.Requests.Select(r => r.Range));
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(folder, Weights)));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData(Weights)]
    public async Task Wrong_bytes_are_discarded_and_fetched_again(string file)
    {
        await using TestHub hub = await TestHub.StartAsync();
        Fault(hub, file, Times(1, async context => await TestHub.WriteAsync(context, Corrupted(hub.Files[file]))));

        string folder = await hub.DownloadAsync();

        Assert.Equal(hub.Files[file], File.ReadAllBytes(Path.Combine(folder, file)));
        Assert.Equal(2, hub.Gets.Count(r => r.Contains("/" + file, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData(Weights)]
    public async Task Wrong_bytes_twice_are_an_error_and_stay_nowhere(string file)
    {
        await using TestHub hub = await TestHub.StartAsync();
        Fault(hub, file, Times(int.MaxValue, async context => await TestHub.WriteAsync(context, Corrupted(hub.Files[file]))));

        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync());

        Assert.Equal(HubFailure.Damaged, e.Failure);
        Assert.Contains($"not the {file} that the hub announced", e.Message, StringComparison.Ordinal);
        Assert.Contains(hub.TagOf(file), e.Message, StringComparison.Ordinal);
        Assert.Equal(2, hub.Gets.Count(r => r.Contains("/" + file, StringComparison.Ordinal)));
        Assert.DoesNotContain(hub.TagOf(file), Directory.GetFiles(Path.Combine(hub.Model, "blobs")).Select(Path.GetFileNameWithoutExtension));
    }

    [Fact]
    public async Task A_part_of_other_bytes_is_found_out_and_fetched_again()
    {
        await using TestHub hub = await TestHub.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(PartOf(hub))!);
        File.WriteAllBytes(PartOf(hub), new byte[1000]);

        string folder = await hub.DownloadAsync();

        Assert.Equal(["bytes=1000-", null], hub.Cdn.Requests.Select(r => r.Range));
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(folder, Weights)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Another_length_than_announced_is_not_stored(int difference)
    {
        await using TestHub hub = await TestHub.StartAsync();
        byte[] other = new byte[hub.Files[Weights].Length + difference];
        hub.Cdn.Fault = Times(int.MaxValue, async context => await TestHub.WriteAsync(context, other));

        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync());

        Assert.Equal(HubFailure.Damaged, e.Failure);
        Assert.Equal(2, hub.Cdn.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_fails_twice_is_asked_a_third_time()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = Times(2, context => TestHub.RefuseAsync(context, 500));
        hub.Cdn.Fault = Times(2, context => TestHub.RefuseAsync(context, 503));

        string folder = await hub.DownloadAsync();

        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(folder, Weights)));
        Assert.Equal([1, 2, 1, 2], hub.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task A_server_that_fails_for_good_is_given_up_with_what_was_tried()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = Times(int.MaxValue, context => TestHub.RefuseAsync(context, 500, message: "Internal trouble."));

        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync());

        Assert.Equal(HubFailure.ServerError, e.Failure);
        Assert.Contains($"Tried HEAD {hub.Server.Address}org/tiny/resolve/main/config.json: status 500, \"Internal trouble\". Tried 5 times.", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = Times(1, context =>
        {
            context.Response.Headers.RetryAfter = "7";
            return TestHub.RefuseAsync(context, 429);
        });

        await hub.DownloadAsync();

        Assert.Equal([7], hub.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task A_Retry_After_of_an_hour_is_an_error_at_once()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = Times(int.MaxValue, context =>
        {
            context.Response.Headers.RetryAfter = "3600";
            return TestHub.RefuseAsync(context, 429);
        });

        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync());

        Assert.Equal(HubFailure.RateLimited, e.Failure);
        Assert.Empty(hub.Pauses);
        Assert.Contains("takes requests again 3600 s from now", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_address_that_ran_out_is_asked_for_anew()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Cdn.Fault = Times(1, context => TestHub.RefuseAsync(context, 403));

        await hub.DownloadAsync();

        Assert.Equal(2, hub.Heads.Count(target => target.EndsWith(Weights, StringComparison.Ordinal)));
        Assert.Equal(2, hub.Cdn.Requests.Count);
    }

    [Fact]
    public async Task A_cancelled_download_leaves_its_part_and_goes_on_from_there()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        hub.Cdn.Fault = Times(1, async context =>
        {
            context.Response.ContentLength = hub.Files[Weights].Length;
            await context.Response.Body.WriteAsync(hub.Files[Weights].AsMemory(0, 100_000));
            await context.Response.Body.FlushAsync();
            while (!File.Exists(PartOf(hub)) || new FileInfo(PartOf(hub)).Length < 100_000)
                await Task.Delay(5, context.RequestAborted);
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hub.Client().DownloadAsync(TestHub.Id, cancellation: cancellation.Token));

        Assert.Equal(100_000, new FileInfo(PartOf(hub)).Length);
        string folder = await hub.DownloadAsync();
        Assert.Equal("bytes=100000-", hub.Cdn.Requests.Last().Range);
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(folder, Weights)));
    }

    [Fact]
    public async Task A_body_that_stands_still_counts_as_broken()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Cdn.Fault = Times(1, async context =>
        {
            context.Response.ContentLength = hub.Files[Weights].Length;
            await context.Response.Body.WriteAsync(hub.Files[Weights].AsMemory(0, 1000));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        HubSettings patient = hub.Settings();
        var settings = new HubSettings
        {
            Endpoint = patient.Endpoint, CacheFolder = patient.CacheFolder, PauseAsync = patient.PauseAsync,
            IdleTimeout = TimeSpan.FromMilliseconds(300),
        };

        await new HubClient(settings).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal([null, "bytes=1000-"], hub.Cdn.Requests.Select(r => r.Range));
    }

    [Fact]
    public async Task A_file_larger_than_the_disk_is_refused_before_a_byte_is_fetched()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = context =>
        {
            if (!context.Request.Path.Value!.EndsWith(Weights, StringComparison.Ordinal))
                return Task.FromResult(false);
            context.Response.Headers["X-Repo-Commit"] = hub.Commit;
            context.Response.Headers["X-Linked-Etag"] = $"\"{hub.TagOf(Weights)}\"";
            context.Response.Headers["X-Linked-Size"] = (1L << 60).ToString(System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Redirect($"{hub.Cdn.Address}store/{Weights}");
            return Task.FromResult(true);
        };

        var e = await Assert.ThrowsAsync<SentimentMLException>(() => hub.DownloadAsync());

        Assert.Contains("Make room, or set HF_HOME", e.Message, StringComparison.Ordinal);
        Assert.Empty(hub.Cdn.Requests);
    }

    private static string PartOf(TestHub hub) => Path.Combine(hub.Model, "blobs", hub.TagOf(Weights) + ".incomplete");

    private static byte[] Corrupted(byte[] bytes)
    {
        byte[] copy = [.. bytes];
        copy[copy.Length / 2] ^= 1;
        return copy;
    }

    private static void Fault(TestHub hub, string file, Func<HttpContext, Task<bool>> fault)
    {
        TestServer server = TestHub.IsLarge(file) ? hub.Cdn : hub.Server;
        server.Fault = context => context.Request.Method == "GET" && context.Request.Path.Value!.EndsWith("/" + file, StringComparison.Ordinal)
            ? fault(context)
            : Task.FromResult(false);
    }

    /// <summary>A fault of the first so many requests.</summary>
    private static Func<HttpContext, Task<bool>> Times(int count, Func<HttpContext, Task> fault)
    {
        int left = count;
        return async context =>
        {
            if (Interlocked.Decrement(ref left) < 0)
                return false;
            await fault(context);
            return true;
        };
    }
}
