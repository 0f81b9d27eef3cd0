using System.Diagnostics;
using SentimentML.Backbones.Hub;

namespace SentimentML.Tests.Backbones.Hub;

public class SeveralAtOnceTests
{
    [Fact]
    public async Task Tasks_at_once_download_each_file_once()
    {
        await using TestHub hub = await TestHub.StartAsync();
        SlowDown(hub);

        string[] folders = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => hub.DownloadAsync()));

        Assert.Single(folders.Distinct());
        hub.AssertHolds(folders[0], [.. hub.Files.Keys]);
        Assert.Equal(hub.Files.Count, hub.Gets.Count());
    }

    [Fact]
    public async Task Processes_at_once_download_each_file_once()
    {
        await using TestHub hub = await TestHub.StartAsync();
        SlowDown(hub);

        string[] folders = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ChildProcess.DownloadAsync(hub)));

        Assert.Single(folders.Distinct());
        hub.AssertHolds(folders[0], [.. hub.Files.Keys]);
        Assert.Equal(hub.Files.Count, hub.Gets.Count());
        Assert.Equal(2, hub.Heads.Count(target => target.EndsWith("/config.json", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_lock_that_a_dead_process_left_holds_nobody_up()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string locks = Directory.CreateDirectory(Path.Combine(hub.Cache, ".locks", "models--org--tiny")).FullName;
        foreach (string file in hub.Files.Keys)
            File.WriteAllText(Path.Combine(locks, hub.TagOf(file) + ".lock"), "");

        hub.AssertHolds(await hub.DownloadAsync(), [.. hub.Files.Keys]);
    }

    [Fact]
    public async Task Waiting_for_another_process_can_be_cancelled()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string locks = Directory.CreateDirectory(Path.Combine(hub.Cache, ".locks", "models--org--tiny")).FullName;
        await using var held = new FileStream(Path.Combine(locks, hub.TagOf("config.json") + ".lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hub.Client().DownloadAsync(TestHub.Id, cancellation: cancellation.Token));

        Assert.Empty(hub.Gets);
    }

    [Fact]
    public async Task A_proxy_of_the_environment_is_used()
    {
        await using TestHub hub = await TestHub.StartAsync();

        // The host is known to no resolver: only a proxy can take the requests, and the hub plays it.
        string folder = await ChildProcess.DownloadAsync(
            hub, ("HF_ENDPOINT", "http://hub.invalid"), ("HTTP_PROXY", hub.Server.Address.AbsoluteUri), ("NO_PROXY", "127.0.0.1"));

        hub.AssertHolds(folder, [.. hub.Files.Keys]);
        Assert.NotEmpty(hub.Server.Requests);
    }

    /// <summary>Gives the others time to ask for the same bytes.</summary>
    private static void SlowDown(TestHub hub) => hub.Server.Fault = hub.Cdn.Fault = async context =>
    {
        if (context.Request.Method == "GET")
            await Task.Delay(150, context.RequestAborted);
        return false;
    };
}

/// <summary>Downloads in a process of its own, with nothing but environment variables to go by.</summary>
public class ChildProcess
{
    private const string ResultVariable = "SENTIMENTML_TEST_RESULT";

    /// <summary>What the child does; run by name from <see cref="DownloadAsync"/>.</summary>
    [Fact(Explicit = true)]
    public async Task Downloads_by_the_environment()
    {
        string folder = await new HubClient(HubSettings.FromEnvironment()).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Environment.GetEnvironmentVariable(ResultVariable)!, folder, TestContext.Current.CancellationToken);
    }

    internal static async Task<string> DownloadAsync(TestHub hub, params (string Name, string Value)[] variables)
    {
        string result = Path.GetTempFileName();
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { "exec", typeof(ChildProcess).Assembly.Location, "--filter-method",
                $"*.{nameof(ChildProcess)}.{nameof(Downloads_by_the_environment)}", "--explicit", "only", "--progress", "off" },
        };
        (string, string)[] own =
            [("HF_ENDPOINT", hub.Server.Address.AbsoluteUri), ("HF_HOME", hub.Home), ("HF_TOKEN", TestHub.Token), ("HF_HUB_CACHE", ""), ("HF_HUB_OFFLINE", ""),
                (ResultVariable, result)];
        foreach ((string name, string value) in own.Concat(variables))
            start.Environment[name] = value;
        using Process child = Process.Start(start)!;
        try
        {
            string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(child.ExitCode == 0, output);
            return await File.ReadAllTextAsync(result, TestContext.Current.CancellationToken);
        }
        finally
        {
            if (!child.HasExited)
                child.Kill(entireProcessTree: true);
            File.Delete(result);
        }
    }
}
