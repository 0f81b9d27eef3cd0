using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>What a server refuses, and that it goes on afterwards.</summary>
public sealed class LimitTests
{
    private const string Bueno = """{"inputs": "bueno"}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_characters_and_bytes_have_limits()
    {
        await using TestServer server =
            await TestServer.StartAsync(options => (options.MaxTextsPerRequest, options.MaxTextCharacters, options.MaxRequestBytes) = (2, 10, 200));
        using HttpResponseMessage texts = await server.PostAsync("/predict", """{"inputs": [["a"], ["b"], ["c"]]}""");
        Assert.Equal("batch size 3 > maximum allowed batch size 2", await TestServer.FaultAsync(texts, 413, "Validation"));
        using HttpResponseMessage characters = await server.PostAsync("/predict", """{"inputs": ["bueno", "12345678901"]}""");
        Assert.Equal("`inputs` must have at most 10 characters. Given: 11", await TestServer.FaultAsync(characters, 422, "Validation"));
        using HttpResponseMessage bytes = await server.PostAsync("/predict", JsonSerializer.Serialize(new { inputs = new string('a', 200) }));
        await TestServer.FaultAsync(bytes, 413, "Validation");
        await server.AnswerAsync("/predict", Bueno);
    }

    [Fact]
    public async Task A_body_without_a_length_is_counted_too()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxRequestBytes = 5000);
        string chunk = "1000\r\n" + new string(' ', 0x1000) + "\r\n";
        string answer = await server.SendRawAsync(Encoding.ASCII.GetBytes("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + "application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "0\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latin1", "is not UTF-8, expected JSON in UTF-8: Content-Type: application/json; charset=utf-8")] // PowerShell's Invoke-RestMethod
    [InlineData("utf-16", "is not UTF-8")]
    [InlineData("utf-8", "")]
    public async Task A_body_in_another_encoding_is_told_how_to_be_written(string encoding, string expected)
    {
        await using TestServer server = await TestServer.StartAsync();
        Encoding written = Encoding.GetEncoding(encoding);
        using var content = new ByteArrayContent([.. written.Preamble, .. written.GetBytes("""{"inputs": "El móvil no está mal"}""")]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await server.Client.PostAsync("/predict", content, Stop);
        if (expected.Length == 0)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            Assert.Contains(expected, await TestServer.FaultAsync(response, 400, "Validation"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The request's body is empty, expected a JSON object.")]
    [InlineData("{\"inputs\": \"a\",\n }", "not JSON: line 2, byte 2: The JSON object contains a trailing comma")]
    [InlineData("{\"inputs\": NaN}", "not JSON: line 1, byte 12: 'N' is an invalid start of a value")]
    [InlineData("{\"inputs\": \"a\", \"inputs\": \"b\"}", "not JSON: Duplicate property 'inputs'")]
    public async Task A_body_that_is_no_JSON_is_told_where(string body, string expected)
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await server.PostAsync("/predict", body);
        Assert.Contains(expected, await TestServer.FaultAsync(response, 400, "Validation"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    public async Task Only_json_in_utf_8_is_read(string type, int status)
    {
        await using TestServer server = await TestServer.StartAsync();
        using var content = new StringContent(Bueno);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using HttpResponseMessage response = await server.Client.PostAsync("/predict", content, Stop);
        Assert.Contains($" is {type.Split('=')[^1]}, expected ", await TestServer.FaultAsync(response, status, "Validation"), StringComparison.Ordinal);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=utf8"); // as some clients write it
        using HttpResponseMessage answer = await server.Client.PostAsync("/predict", content, Stop);
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Without_the_key_nothing_but_health_and_metrics_is_answered()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.ApiKey = "s3cret");
        foreach (string? key in (string?[])[null, "Bearer s3cre", "Bearer s3cret2", "Basic s3cret", "s3cret", "Bearer "])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/predict") { Content = new StringContent(Bueno, Encoding.UTF8, "application/json") };
            if (key is not null)
                request.Headers.TryAddWithoutValidation("Authorization", key);
            using HttpResponseMessage refused = await server.Client.SendAsync(request, Stop);
            string message = await TestServer.FaultAsync(refused, 401, "Unauthorized");
            Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
        }
        foreach (string open in (string[])["/health", "/ping", "/metrics", "/v2/health/live", "/v2/health/ready"])
            (await server.Client.GetAsync(open, Stop)).EnsureSuccessStatusCode();
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "s3cret");
        await server.AnswerAsync("/predict", Bueno);
    }

    [Fact]
    public async Task A_client_that_does_not_finish_its_body_is_answered_408()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.BodyTimeout = TimeSpan.FromMilliseconds(300));
        string answer = await server.SendRawAsync(
            "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"inputs\""u8.ToArray(),
            thenEnd: false);
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        await server.AnswerAsync("/predict", Bueno);
    }

    [Fact]
    public async Task A_full_server_answers_429_at_once_and_what_it_took_is_answered()
    {
        using var gated = new GatedModel();
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.AddModel("gated", _ => gated.Load());
            options.MaxWaitingTexts = 40;
        });
        gated.Close();
        string batch = JsonSerializer.Serialize(new { inputs = Enumerable.Repeat((string[])["bueno"], 20) });
        Task<JsonNode>[] taken = [server.AnswerAsync("/predict", batch), server.AnswerAsync("/predict", batch)];
        await server.WaitForMetricAsync("te_predict_count 40");
        foreach (string json in (string[])[Bueno, batch, "not even JSON"])
        {
            using HttpResponseMessage refused = await server.PostAsync("/predict", json); // while the gate is closed
            Assert.Equal("Model is overloaded", await TestServer.FaultAsync(refused, 429, "Overloaded"));
            Assert.InRange(int.Parse(refused.Headers.RetryAfter!.ToString(), CultureInfo.InvariantCulture), 1, 60);
        }
        using HttpResponseMessage openAI = await server.PostAsync("/classify", """{"input": "bueno"}""");
        Assert.Equal(429, (int)openAI.StatusCode);
        gated.Open();
        foreach (JsonNode answer in await Task.WhenAll(taken))
            Assert.Equal(20, answer.AsArray().Count);
        await server.AnswerAsync("/predict", Bueno); // room again
        await server.WaitForMetricAsync("te_request_failure{err=\"overloaded\"} 4");
    }

    [Fact]
    public async Task A_request_whose_client_left_is_not_computed_and_makes_room()
    {
        using var gated = new GatedModel();
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.AddModel("gated", _ => gated.Load());
            options.MaxWaitingTexts = 65;
        });
        gated.Close();
        Task<JsonNode> first = server.AnswerAsync("/predict", Bueno);
        await server.WaitForMetricAsync("te_batch_next_size_count 1"); // it is in the network
        string batch = JsonSerializer.Serialize(new { inputs = Enumerable.Repeat((string[])["muy bueno"], 32) });
        using var leaving = new CancellationTokenSource();
        Task<HttpResponseMessage>[] calls =
            [.. Enumerable.Range(0, 2)
                .Select(_ => server.Client.PostAsync("/predict", new StringContent(batch, Encoding.UTF8, "application/json"), leaving.Token))];
        await server.WaitForMetricAsync("te_predict_count 65");
        await leaving.CancelAsync();
        foreach (Task<HttpResponseMessage> call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await server.WaitForMetricAsync("te_request_failure{err=\"dropped\"} 2");
        Task<JsonNode> last = server.AnswerAsync("/predict", batch); // which has no room unless the others left
        await server.WaitForMetricAsync("te_predict_count 97");
        gated.Open();
        await first;
        Assert.Equal(32, (await last).AsArray().Count);
        Assert.Equal(1 + 32, gated.Rows);
    }

    [Fact]
    public void Every_wrong_option_is_named_at_once()
    {
        var options = new SentimentServerOptions { MaxTextsPerRequest = 0, MaxWaitingTexts = -1, BodyTimeout = TimeSpan.Zero,
            ShutdownDelay = TimeSpan.FromHours(1), ApiKey = "ñ", MaxRequestBytes = int.MaxValue };
        ValidateOptionsResult result = new SentimentServerOptionsCheck().Validate(null, options);
        Assert.Equal(["MaxTextsPerRequest", "MaxRequestBytes", "MaxWaitingTexts", "BodyTimeout", "ShutdownDelay", "ApiKey"],
            result.Failures!.Select(fault => fault.Split(' ')[0]));
        Assert.DoesNotContain(result.Failures!, fault => fault.Contains('ñ', StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => options.AddModel("a/b", "path"));
    }
}
