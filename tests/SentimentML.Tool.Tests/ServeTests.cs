using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary><c>sentimentml serve</c> in a process of its own.</summary>
public sealed class ServeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_prints_its_address_answers_as_predict_does_and_ends_with_0_when_terminated()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        using var folder = new TemporaryFolder();
        string[] arguments = ["serve", "--model", $"reviews={TestFiles.TinyClassifier}", "--port", "0", "--device", "cpu"];
        using Process process = ToolProcess.Start(folder, arguments);
        var address = new Uri((await process.StandardOutput.ReadLineAsync(Stop))!);
        Assert.Equal("127.0.0.1", address.Host);
        using var client = new HttpClient { BaseAddress = address };
        JsonNode served = (await AnswerAsync(client, "muy malo"))[0]!;
        Assert.Contains("<html", await client.GetStringAsync("/", Stop), StringComparison.Ordinal);
        await TerminateAsync(process);
        Assert.True(await SaysThatItStopsAsync(client), "/health was never answered 503");
        (await ToolProcess.EndOfAsync(process, arguments)).Expect(0);

        JsonNode predicted = (await ToolProcess.RunAsync(folder, "predict", "--model", TestFiles.TinyClassifier, "--text", "muy malo", "--device", "cpu"))
            .Expect(0).Json;
        Assert.Equal(predicted["label"]!.ToString(), served["label"]!.ToString());
        Assert.Equal(predicted["score"]!.GetValue<float>(), served["score"]!.GetValue<float>(), 1e-5f);
    }

    [Fact]
    public async Task Under_load_a_termination_loses_no_request_that_was_accepted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        using var folder = new TemporaryFolder();
        string[] arguments = ["serve", "--model", TestFiles.TinyClassifier, "--port", "0", "--device", "cpu"];
        using Process process = ToolProcess.Start(folder, arguments);
        var address = new Uri((await process.StandardOutput.ReadLineAsync(Stop))!);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
        int answered = 0, refused = 0;
        bool isTerminating = false;
        var lost = new List<string>();
        Task[] clients = [.. Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                using var body = new AcceptedBody("""{"inputs": "muy bueno, lo recomiendo"}""");
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/predict")) { Content = body };
                    request.Headers.ExpectContinue = true;
                    using HttpResponseMessage response = await client.SendAsync(request, Stop);
                    response.EnsureSuccessStatusCode();
                    Interlocked.Increment(ref answered);
                }
                catch (HttpRequestException e) when (Volatile.Read(ref isTerminating) && !body.IsAccepted && e.StatusCode is null)
                {
                    Interlocked.Increment(ref refused); // nobody listens any more, or the connection was closed between two requests
                    return;
                }
                catch (Exception e)
                {
                    lock (lost)
                        lost.Add($"{e.Message} {e.InnerException?.Message}");
                    return;
                }
            }
        }))];
        while (Volatile.Read(ref answered) < 500)
            await Task.Delay(20, Stop);
        Volatile.Write(ref isTerminating, true);
        await TerminateAsync(process);
        await Task.WhenAll(clients).WaitAsync(TimeSpan.FromMinutes(2), Stop);
        (await ToolProcess.EndOfAsync(process, arguments)).Expect(0);
        Assert.True(lost.Count == 0, $"{answered} answered, {refused} refused, {lost.Count} lost: {string.Join("; ", lost.Distinct())}");
        Assert.Equal(32, refused);
    }

    [Fact]
    public async Task Only_clients_with_the_key_are_answered_and_the_key_is_never_shown()
    {
        using var folder = new TemporaryFolder();
        folder.With("key", "s3cret-of-mine\n");
        string[] arguments = ["serve", "--model", TestFiles.TinyClassifier, "--port", "0", "--device", "cpu", "--api-key-file", "key", "--max-texts", "1",
            "--no-page"];
        using Process process = ToolProcess.Start(folder, arguments);
        using var client = new HttpClient { BaseAddress = new Uri((await process.StandardOutput.ReadLineAsync(Stop))!) };
        using HttpResponseMessage refused = await client.PostAsJsonAsync("/predict", new { inputs = "bueno" }, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "s3cret-of-mine");
        Assert.Equal(2, (await AnswerAsync(client, "bueno")).AsArray().Count);
        using HttpResponseMessage tooMany = await client.PostAsJsonAsync("/predict", new { inputs = (string[][])[["a"], ["b"]] }, Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooMany.StatusCode);
        using HttpResponseMessage page = await client.GetAsync("/", Stop);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, page.StatusCode); // POST / is a prediction
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/info") { Headers = { Host = "attacker.example" } };
        using HttpResponseMessage rebound = await client.SendAsync(elsewhere, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, rebound.StatusCode); // a page whose host's name was pointed at this machine
        process.Kill();
        ToolResult end = await ToolProcess.EndOfAsync(process, arguments);
        Assert.DoesNotContain("s3cret", end.Output + end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_comes_to_no_route_is_told_why()
    {
        using var folder = new TemporaryFolder();
        using Process process = ToolProcess.Start(folder, ["serve", "--model", TestFiles.TinyClassifier, "--port", "0", "--device", "cpu"]);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri((await process.StandardOutput.ReadLineAsync(Stop))!) };
            foreach ((string method, string path, HttpStatusCode status, string expected) in ((string, string, HttpStatusCode, string)[])
            [
                ("GET", "/healthz", HttpStatusCode.NotFound, "There is no route /healthz. GET /openapi.json lists the routes."),
                ("POST", "/v1/chat/completions", HttpStatusCode.NotFound, "There is no route /v1/chat/completions."),
                ("GET", "/predict", HttpStatusCode.MethodNotAllowed, "The method is GET, and /predict is for POST."),
                ("DELETE", "/health", HttpStatusCode.MethodNotAllowed, "The method is DELETE, and /health is for GET, HEAD."),
            ])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using HttpResponseMessage response = await client.SendAsync(request, Stop);
                Assert.Equal(status, response.StatusCode);
                Assert.Contains(expected, await FaultAsync(response), StringComparison.Ordinal);
            }
        }
        finally
        {
            process.Kill();
        }
    }

    [Theory]
    [InlineData("serve --model a --model b/a", 2, "--model NAME=M")]
    [InlineData("serve --model a --port 70000", 2, "--port is 70000")]
    [InlineData("serve --model a --max-texts 8 --max-waiting 4", 2, "--max-waiting is 4")]
    [InlineData("serve --model no/such/model.zip", 1, "model.zip does not exist")]
    [InlineData("serve --model a --host example.org", 1, "--host is 'example.org'")]
    [InlineData("serve --host 192.0.2.1 --port 0 --model small", 1, "cannot listen on 192.0.2.1")]
    [InlineData("serve --model a --api-key-file missing", 1, "missing")]
    public async Task What_cannot_be_served_says_why(string arguments, int exitCode, string said)
    {
        using var folder = new TemporaryFolder();
        ToolResult result = (await ToolProcess.RunAsync(folder, arguments.Split(' '))).Expect(exitCode);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    private static async Task<JsonNode> AnswerAsync(HttpClient client, string text)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync("/predict", new { inputs = text }, Stop);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!;
    }

    private static async Task<string> FaultAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!["error"]!.ToString();
    }

    /// <summary>Whether /health is answered 503 before nobody listens any more.</summary>
    private static async Task<bool> SaysThatItStopsAsync(HttpClient client)
    {
        try
        {
            while (true)
            {
                using HttpResponseMessage health = await client.GetAsync("/health", Stop);
                if (health.StatusCode == HttpStatusCode.ServiceUnavailable)
                    return true;
            }
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task TerminateAsync(Process process)
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync(Stop);
    }

    /// <summary>A request's body that is sent only after the server answers "100 Continue". A server that never did so has not accepted the request.</summary>
    private sealed class AcceptedBody(string json) : StringContent(json, Encoding.UTF8, "application/json")
    {
        public bool IsAccepted { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            IsAccepted = true;
            return base.SerializeToStreamAsync(stream, context, cancellationToken);
        }
    }
}
