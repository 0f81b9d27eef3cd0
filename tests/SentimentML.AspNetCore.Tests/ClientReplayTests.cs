using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>Requests as clients of other servers write them, byte for byte, on a socket.</summary>
public sealed class ClientReplayTests : IAsyncLifetime
{
    private readonly SentimentClassifier _classifier = TestServer.LoadClassifier();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _classifier.Dispose();
    }

    /// <summary>
    /// huggingface_hub 1.x: <c>InferenceClient("http://127.0.0.1:8080").text_classification("El móvil es genial")</c>, which reads the first list of the
    /// answer.
    /// </summary>
    [Fact]
    public async Task InferenceClients_text_classification_is_answered()
    {
        JsonNode answer = await SendAsync("POST / HTTP/1.1", "{\"inputs\":\"El móvil es genial\",\"parameters\":{}}",
            "Accept: */*", "Accept-Encoding: gzip, deflate", "Connection: keep-alive", "user-agent: unknown/None; hf_hub/1.28.0; python/3.13.5",
            "content-type: application/json");
        Scores.AreThose(answer[0]!, _classifier.Classify("El móvil es genial"));
    }

    [Fact]
    public async Task InferenceClients_text_classification_with_top_k_is_answered()
    {
        JsonNode answer = await SendAsync("POST / HTTP/1.1", "{\"inputs\":\"El móvil es genial\",\"parameters\":{\"function_to_apply\":\"none\",\"top_k\":1}}",
            "Accept: */*", "Accept-Encoding: gzip, deflate", "Connection: keep-alive", "user-agent: unknown/None; hf_hub/1.28.0; python/3.13.5",
            "content-type: application/json",
            "authorization: Bearer hf_anything");
        SentimentPrediction expected = _classifier.Classify("El móvil es genial");
        JsonNode only = Assert.Single(answer[0]!.AsArray())!;
        Assert.Equal(expected.Logits[expected.LabelIndex], only["score"]!.GetValue<float>(), 1e-5f);
    }

    /// <summary>text-embeddings-inference's own documentation: curl.</summary>
    [Fact]
    public async Task The_curl_request_of_text_embeddings_inferences_manual_is_answered()
    {
        JsonNode answer = await SendAsync(
            "POST /predict HTTP/1.1", "{\"inputs\":\"Me encanta\"}", "User-Agent: curl/8.14.1", "Accept: */*", "Content-Type: application/json");
        Scores.AreThose(answer, _classifier.Classify("Me encanta"));
    }

    /// <summary>
    /// tritonclient.http: <c>infer("tiny_classifier_3", [InferInput("text", [2], "BYTES")])</c> with binary_data=False; it sends no Content-Type.
    /// </summary>
    [Fact]
    public async Task Tritonclients_json_request_is_answered()
    {
        JsonNode answer = await SendAsync("POST /v2/models/tiny_classifier_3/infer HTTP/1.1",
            """{"inputs":[{"name":"text","shape":[2],"datatype":"BYTES","data":["muy malo","bueno"]}],"outputs":[{"name":"label","parameters":{"binary_data":false}},{"name":"probabilities","parameters":{"binary_data":false}}]}""",
            "User-Agent: python-geventhttpclient/2.3.4");
        Assert.Equal([_classifier.Classify("muy malo").Label, _classifier.Classify("bueno").Label],
            answer["outputs"]![0]!["data"]!.AsArray().Select(label => label!.ToString()));
    }

    /// <summary>KServe's Python client (InferenceRESTClient over httpx).</summary>
    [Fact]
    public async Task Kserves_json_request_is_answered()
    {
        JsonNode answer = await SendAsync("POST /v2/models/tiny_classifier_3/infer HTTP/1.1",
            """{"id":"0af5-1","inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["muy malo"],"parameters":{}}],"parameters":{}}""",
            "Accept: */*", "Accept-Encoding: gzip, deflate", "Connection: keep-alive", "User-Agent: python-httpx/0.28.1", "Content-Type: application/json");
        Assert.Equal("0af5-1", answer["id"]!.ToString());
        Scores.AreClose(_classifier.Classify("muy malo").Probabilities, answer["outputs"]![1]!["data"]!.AsArray().Select(number => number!.GetValue<float>()));
    }

    /// <summary>vLLM's example client: requests.post(url, json=…).</summary>
    [Fact]
    public async Task VLLMs_example_request_is_answered()
    {
        JsonNode answer = await SendAsync(
            "POST /classify HTTP/1.1", JsonSerializer.Serialize(new { model = TestServer.ModelName, input = (string[])["Hello, my name is", "muy malo"] }),
            "User-Agent: python-requests/2.32.5", "Accept-Encoding: gzip, deflate", "Accept: */*", "Connection: keep-alive", "Content-Type: application/json");
        Assert.Equal(_classifier.Classify("muy malo").Label, answer["data"]![1]!["label"]!.ToString());
    }

    private async Task<JsonNode> SendAsync(string line, string body, params string[] headers)
    {
        byte[] content = Encoding.UTF8.GetBytes(body);
        IEnumerable<string> all = [$"Host: 127.0.0.1:{_server.Address.Port}", .. headers, $"Content-Length: {content.Length}"];
        byte[] head = Encoding.ASCII.GetBytes($"{line}\r\n{string.Concat(all.Select(header => header + "\r\n"))}\r\n");
        string answer = await _server.SendRawAsync((byte[])[.. head, .. content]);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        return JsonNode.Parse(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])!;
    }
}
