using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace SentimentML.Tests.Backbones.Hub;

/// <summary>A request as a server received it.</summary>
internal sealed record ReceivedRequest(string Method, string Target, string? Authorization, string? Range, string? AcceptEncoding, string? UserAgent)
{
    public override string ToString() => $"{Method} {Target}{(Range is null ? "" : " " + Range)}";
}

/// <summary>A server on this machine that remembers its requests and first offers each to <see cref="Fault"/>.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TestServer(WebApplication application) => _application = application;

    public Uri Address => new(_application.Urls.Single());

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    /// <summary>What goes wrong: answers a request and returns true, or leaves it alone.</summary>
    public Func<HttpContext, Task<bool>> Fault { get; set; } = _ => Task.FromResult(false);

    public static async Task<TestServer> StartAsync(Func<HttpContext, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        var server = new TestServer(application);
        application.Run(async context =>
        {
            HttpRequest request = context.Request;
            server.Requests.Enqueue(new ReceivedRequest(request.Method, TargetOf(context),
                (string?)request.Headers.Authorization, (string?)request.Headers.Range, (string?)request.Headers.AcceptEncoding,
                (string?)request.Headers.UserAgent));
            if (!await server.Fault(context))
                await answer(context);
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>The path as it was sent, escapes and all; without the host that a proxy is told.</summary>
    public static string TargetOf(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.StartsWith('/') ? target : target[target.IndexOf('/', "http://".Length)..];
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }
}

/// <summary>
/// A hub with one model, as the reference client met it: small files at the hub itself with git's blob id as ETag, large ones
/// behind a redirect to a second host with their SHA-256.
/// </summary>
internal sealed class TestHub : IAsyncDisposable
{
    public const string Id = "org/tiny";
    public const string Token = "hf_secret";

    private readonly string _folder = Directory.CreateTempSubdirectory("hub-test-").FullName;

    public TestServer Server { get; private set; } = null!;

    public TestServer Cdn { get; private set; } = null!;

    public string Commit { get; set; } = new('a', 40);

    public HashSet<string> Revisions { get; } = ["main"];

    public Dictionary<string, byte[]> Files { get; } = [];

    public string Home => Path.Combine(_folder, "home");

    public string Cache => Path.Combine(Home, "hub");

    public string Model => Path.Combine(Cache, "models--org--tiny");

    /// <summary>The pauses that were asked for; none is made.</summary>
    public ConcurrentQueue<TimeSpan> Pauses { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public IEnumerable<string> Gets => Server.Requests.Concat(Cdn.Requests).Where(r => r.Method == "GET").Select(r => r.ToString());

    public IEnumerable<string> Heads => Server.Requests.Where(r => r.Method == "HEAD").Select(r => r.Target);

    /// <summary>Starts a hub that serves some of the tiny model's files.</summary>
    public static async Task<TestHub> StartAsync(params string[] files)
    {
        var hub = new TestHub();
        hub.Serve("tiny_mlm", files.Length > 0
            ? files
            : ["config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "model.safetensors"]);
        hub.Cdn = await TestServer.StartAsync(hub.AnswerStoreAsync);
        hub.Server = await TestServer.StartAsync(hub.AnswerHubAsync);
        return hub;
    }

    public void Serve(string folder, params string[] files)
    {
        foreach (string file in files)
            Files[file] = File.ReadAllBytes(Infrastructure.Shared.Golden(folder, file));
    }

    public SentimentML.Backbones.Hub.HubSettings Settings(bool offline = false, string? token = Token, bool useLinks = true, int retries = 4) => new()
    {
        Endpoint = Server.Address,
        CacheFolder = Cache,
        Token = token,
        Offline = offline,
        UseLinks = useLinks,
        Retries = retries,
        AnswerTimeout = TimeSpan.FromSeconds(10),
        IdleTimeout = TimeSpan.FromSeconds(10),
        Warn = Warnings.Enqueue,
        PauseAsync = (pause, cancellation) =>
        {
            Pauses.Enqueue(pause);
            return Task.Delay(1, cancellation);
        },
    };

    public SentimentML.Backbones.Hub.HubClient Client(bool offline = false) => new(Settings(offline));

    public Task<string> DownloadAsync(string revision = "main", IProgress<HubProgress>? progress = null) =>
        Client().DownloadAsync(Id, revision, progress, TestContext.Current.CancellationToken);

    public static bool IsLarge(string file) => file.EndsWith(".safetensors", StringComparison.Ordinal) || file.EndsWith(".bin", StringComparison.Ordinal);

    public string TagOf(string file) => IsLarge(file)
        ? Convert.ToHexStringLower(SHA256.HashData(Files[file]))
        : GitBlobId(Files[file]);

#pragma warning disable CA5350 // git names its blobs by SHA-1
    public static string GitBlobId(byte[] content) =>
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350

    /// <summary>A snapshot whose files are what the hub serves, and nothing else.</summary>
    public void AssertHolds(string folder, params string[] files)
    {
        Assert.Equal(files.Order(StringComparer.Ordinal), Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal));
        foreach (string file in files)
            Assert.True(Files[file].AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder, file))),
                $"{file} in {folder} has other bytes than the hub's");
    }

    public void ForgetRequests()
    {
        Server.Requests.Clear();
        Cdn.Requests.Clear();
    }

    /// <summary>Writes bytes by the request's Range, and breaks the connection off after some where told to.</summary>
    public static async Task WriteAsync(HttpContext context, byte[] content, int? breakAfter = null)
    {
        int from = 0;
        if ((string?)context.Request.Headers.Range is { } range)
        {
            from = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }
        context.Response.ContentLength = content.Length - from;
        await context.Response.Body.WriteAsync(content.AsMemory(from, Math.Min(breakAfter ?? int.MaxValue, content.Length - from)));
        if (breakAfter is null)
            return;
        await context.Response.Body.FlushAsync();
        await Task.Delay(20); // so that the bytes are on their way before the break
        context.Abort();
    }

    public static Task<bool> RefuseAsync(HttpContext context, int status, string? code = null, string? message = null)
    {
        context.Response.StatusCode = status;
        if (code is not null)
            context.Response.Headers["X-Error-Code"] = code;
        if (message is not null)
            context.Response.Headers["X-Error-Message"] = message;
        return Task.FromResult(true);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Cdn.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AnswerHubAsync(HttpContext context)
    {
        string[] parts = TestServer.TargetOf(context).Split('/'); // "", org, tiny, resolve, revision, file or folder and file
        if (parts.Length < 6 || $"{parts[1]}/{parts[2]}" != Id)
        {
            await RefuseAsync(context, 404, "RepoNotFound");
            return;
        }
        string revision = Uri.UnescapeDataString(parts[4]), file = string.Join('/', parts[5..].Select(Uri.UnescapeDataString));
        if (!Revisions.Contains(revision) && revision != Commit)
        {
            await RefuseAsync(context, 404, "RevisionNotFound");
            return;
        }
        context.Response.Headers["X-Repo-Commit"] = Commit;
        if (!Files.TryGetValue(file, out byte[]? content))
            await RefuseAsync(context, 404, "EntryNotFound");
        else if (IsLarge(file))
        {
            context.Response.Headers["X-Linked-Etag"] = $"\"{TagOf(file)}\"";
            context.Response.Headers["X-Linked-Size"] = content.Length.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.ETag = "\"of-the-redirect\"";
            context.Response.Redirect($"{Cdn.Address}store/{file}?Signature=secret-signature");
        }
        else
        {
            context.Response.Headers.ETag = $"\"{TagOf(file)}\"";
            context.Response.ContentLength = content.Length;
            if (context.Request.Method == "GET")
                await WriteAsync(context, content);
        }
    }

    private Task AnswerStoreAsync(HttpContext context) =>
        WriteAsync(context, Files[context.Request.Path.Value!["/store/".Length..]]);
}
