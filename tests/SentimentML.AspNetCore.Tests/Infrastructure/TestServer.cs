using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SentimentML.AspNetCore.Requests;

namespace SentimentML.AspNetCore.Tests.Infrastructure;

/// <summary>A real server with the tiny classifier, on a free port of this machine.</summary>
internal sealed partial class TestServer : IAsyncDisposable
{
    /// <summary>The tiny classifier of three labels.</summary>
    public const string ModelName = "tiny_classifier_3";

    private readonly WebApplication _app;
    private readonly ErrorLog _log;

    private TestServer(WebApplication app, ErrorLog log)
    {
        _app = app;
        _log = log;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1024 }) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public static string ModelFolder => Shared.Golden(ModelName);

    public Uri Address { get; }

    public HttpClient Client { get; }

    public SentimentModels Models => _app.Services.GetRequiredService<SentimentModels>();

    /// <summary>How many more files are taken now.</summary>
    public int FreeFileSlots => _app.Services.GetRequiredService<SentimentServer>().FileSlots.CurrentCount;

    /// <summary>Texts that may still be explained.</summary>
    public int FreeExplanationSlots => _app.Services.GetRequiredService<SentimentServer>().ExplanationSlots.CurrentCount;

    /// <summary>What was logged as an error: an exception that nobody expected.</summary>
    public IEnumerable<string> Errors => _log.Errors;

    /// <summary>The classifier that answers, for comparison.</summary>
    public static SentimentClassifier LoadClassifier() => SentimentClassifier.Load(ModelFolder, TorchDevice.Cpu);

    /// <param name="configure">What is otherwise than by default; the model is added if it adds none.</param>
    /// <param name="services">Further services.</param>
    /// <param name="map">Maps the routes; null for the classifier's and the page's.</param>
    public static async Task<TestServer> StartAsync(
        Action<SentimentServerOptions>? configure = null, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var log = new ErrorLog();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSentimentClassifier(options =>
        {
            options.ShutdownDelay = TimeSpan.Zero;
            configure?.Invoke(options);
            if (options.Models.Count == 0)
                options.AddModel(ModelName, ModelFolder, new SentimentClassifierOptions { Device = TorchDevice.Cpu });
        });
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        if (map is null)
        {
            app.MapSentimentClassifier();
            app.MapSentimentPage();
        }
        else
        {
            map(app);
        }
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestServer(app, log);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json) => PostAsync(path, json, "application/json");

    public Task<HttpResponseMessage> PostAsync(string path, string content, string type) =>
        Client.PostAsync(path, new StringContent(content, Encoding.UTF8, type), TestContext.Current.CancellationToken);

    public async Task<JsonNode> AnswerAsync(string path, string json)
    {
        using HttpResponseMessage response = await PostAsync(path, json);
        return await OkAsync(response);
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        return await OkAsync(response);
    }

    /// <summary>Expects a fault in the shape that text-embeddings-inference's clients and RFC 9457's read.</summary>
    public static async Task<string> FaultAsync(HttpResponseMessage response, int status, string type)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}, expected {status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonNode json = JsonNode.Parse(text)!;
        Assert.Equal(type, json["error_type"]!.ToString());
        Assert.Equal(status, json["status"]!.GetValue<int>());
        Assert.Equal(json["error"]!.ToString(), json["detail"]!.ToString());
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        return json["error"]!.ToString();
    }

    /// <summary>Sends bytes as they are and reads an answer, whole or until the server closes.</summary>
    /// <param name="bytes">What is sent.</param>
    /// <param name="thenEnd">Whether the client then says that it sends nothing more, as one that breaks off. The default value is false.</param>
    public async Task<string> SendRawAsync(ReadOnlyMemory<byte> bytes, bool thenEnd = false)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Address.Port), limit.Token);
        var answer = new MemoryStream();
        byte[] buffer = new byte[4096];
        try
        {
            await socket.SendAsync(bytes, limit.Token);
            if (thenEnd)
                socket.Shutdown(SocketShutdown.Send);
            for (int read; !IsWhole(answer) && (read = await socket.ReceiveAsync(buffer, limit.Token)) > 0;)
                answer.Write(buffer, 0, read);
        }
        catch (SocketException) // the server closed while bytes were on their way to it
        {
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    private static bool IsWhole(MemoryStream answer)
    {
        ReadOnlySpan<byte> bytes = answer.GetBuffer().AsSpan(0, (int)answer.Length);
        int end = bytes.IndexOf("\r\n\r\n"u8);
        return end >= 0 && ContentLength().Match(Encoding.ASCII.GetString(bytes[..end])) is { Success: true } length
            && bytes.Length >= end + 4 + int.Parse(length.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^Content-Length: ([0-9]+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ContentLength();

    /// <summary>Waits until /metrics has a line.</summary>
    public async Task WaitForMetricAsync(string line)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!(await Client.GetStringAsync("/metrics", limit.Token)).Contains(line + "\n", StringComparison.Ordinal))
            await Task.Delay(5, limit.Token);
    }

    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<JsonNode> OkAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }
}
