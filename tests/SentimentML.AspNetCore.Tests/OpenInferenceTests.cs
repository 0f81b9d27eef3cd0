using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>KServe V2, in JSON and with binary tensors.</summary>
public sealed class OpenInferenceTests : IAsyncLifetime
{
    private const string Infer = $"/v2/models/{TestServer.ModelName}/infer";

    private readonly SentimentClassifier _classifier = TestServer.LoadClassifier();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _classifier.Dispose();
    }

    [Theory]
    [InlineData("""{"id":"7","inputs":[{"name":"text","shape":[2],"datatype":"BYTES","data":["muy malo","bueno"]}]}""")]
    [InlineData("""{"id":"7","inputs":[{"name":"text","shape":[2,1],"datatype":"BYTES","data":[["muy malo"],["bueno"]]}]}""")]
    [InlineData("""{"id":"7","inputs":[{"name":"TEXT_IN","shape":[2,1],"datatype":"BYTES","data":["muy malo","bueno"]}]}""")]
    public async Task Texts_are_answered_with_label_and_probabilities(string json)
    {
        JsonNode answer = await _server.AnswerAsync(Infer, json);
        Assert.Equal("7", answer["id"]!.ToString());
        Assert.Equal(TestServer.ModelName, answer["model_name"]!.ToString());
        SentimentPrediction[] expected = [_classifier.Classify("muy malo"), _classifier.Classify("bueno")];
        Assert.Equal("""{"name":"label","datatype":"BYTES","shape":[2]""",
            answer["outputs"]![0]!.ToJsonString()[..^(answer["outputs"]![0]!["data"]!.ToJsonString().Length + ",\"data\":}".Length)]);
        Assert.Equal(expected.Select(prediction => prediction.Label), answer["outputs"]![0]!["data"]!.AsArray().Select(label => label!.ToString()));
        Assert.Equal("[2,3]", answer["outputs"]![1]!["shape"]!.ToJsonString());
        Scores.AreClose(expected.SelectMany(prediction => prediction.Probabilities),
            answer["outputs"]![1]!["data"]!.AsArray().Select(number => number!.GetValue<float>()));
    }

    [Fact]
    public async Task Outputs_are_those_that_the_request_names()
    {
        JsonNode answer = await _server.AnswerAsync(
            Infer, """{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["bueno"]}],"outputs":[{"name":"logits"}]}""");
        JsonNode output = Assert.Single(answer["outputs"]!.AsArray())!;
        Scores.AreClose(_classifier.Classify("bueno").Logits, output["data"]!.AsArray().Select(number => number!.GetValue<float>()));
    }

    [Fact]
    public async Task Pairs_come_as_a_second_tensor()
    {
        JsonNode answer = await _server.AnswerAsync(Infer,
            """{"inputs":[{"name":"text_pair","shape":[1],"datatype":"BYTES","data":["y barato"]},{"name":"text","shape":[1],"datatype":"BYTES","data":["bueno"]}]}""");
        Scores.AreClose(_classifier.ClassifyPair("bueno", "y barato").Probabilities,
            answer["outputs"]![1]!["data"]!.AsArray().Select(number => number!.GetValue<float>()));
    }

    /// <summary>As MLServer's clients write what a tensor's elements are.</summary>
    [Theory]
    [InlineData("base64", "YnVlbsOtc2ltbw==")]
    [InlineData("str", "buenísimo")]
    public async Task A_tensors_content_type_says_what_its_elements_are(string type, string element)
    {
        JsonNode answer = await _server.AnswerAsync(Infer, $$$"""
            {"inputs":[{"name":"args","shape":[1,1],"datatype":"BYTES","parameters":{"content_type":"{{{type}}}"},"data":["{{{element}}}"]}],"outputs":[]}
            """);
        Scores.AreClose(_classifier.Classify("buenísimo").Probabilities,
            answer["outputs"]![1]!["data"]!.AsArray().Select(number => number!.GetValue<float>()));
    }

    [Theory]
    [InlineData("base64", "bueno!", "not UTF-8 in base64")]
    [InlineData("base64", "/w==", "not UTF-8 in base64")]
    [InlineData("hg_jsonlist", "bueno", "`content_type` is 'hg_jsonlist', expected str, np, base64.")]
    public async Task Elements_that_are_not_what_their_content_type_says_are_refused(string type, string element, string expected)
    {
        using HttpResponseMessage response = await _server.PostAsync(Infer, $$$"""
            {"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","parameters":{"content_type":"{{{type}}}"},"data":["{{{element}}}"]}]}
            """);
        Assert.Contains(expected, await TestServer.FaultAsync(response, 422, "Validation"), StringComparison.Ordinal);
    }

    /// <summary>As Triton's own Python client sends it by default: elements behind the JSON, and a wish for the same back.</summary>
    [Fact]
    public async Task Binary_tensors_go_in_and_come_out()
    {
        string[] texts = ["muy malo", "buenísimo 😀"];
        byte[] data = [.. texts.SelectMany(text => (byte[])[.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)])];
        byte[] json = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{"name":"text","shape":[2,1],"datatype":"BYTES","parameters":{"binary_data_size":{{{data.Length}}}}}],"parameters":{"binary_data_output":true}}""");
        using var content = new ByteArrayContent([.. json, .. data]);
        content.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        using HttpResponseMessage response = await _server.Client.PostAsync(Infer, content, TestContext.Current.CancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        int head = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single());
        JsonNode answer = JsonNode.Parse(body.AsSpan(0, head))!;
        int labelBytes = answer["outputs"]![0]!["parameters"]!["binary_data_size"]!.GetValue<int>();
        Assert.Equal(24, answer["outputs"]![1]!["parameters"]!["binary_data_size"]!.GetValue<int>());
        Assert.Equal(body.Length, head + labelBytes + 24);
        SentimentPrediction[] expected = [.. texts.Select(text => _classifier.Classify(text))];
        int length = BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(head));
        Assert.Equal(expected[0].Label, Encoding.UTF8.GetString(body, head + 4, length));
        Scores.AreClose(expected.SelectMany(prediction => prediction.Probabilities),
            Enumerable.Range(0, 6).Select(i => BitConverter.ToSingle(body, head + labelBytes + (4 * i))));
    }

    [Theory]
    [InlineData("""{"inputs":[]}""", 422)]
    [InlineData("""{"inputs":[{"name":"text","shape":[3],"datatype":"BYTES","data":["a"]}]}""", 422)]
    [InlineData("""{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["a","b"]}]}""", 422)]
    [InlineData("""{"inputs":[{"name":"text","shape":[1],"datatype":"INT64","data":[1]}]}""", 422)]
    [InlineData("""{"inputs":[{"name":"text","shape":[-1],"datatype":"BYTES","data":["a"]}]}""", 422)]
    [InlineData("""{"inputs":[{"name":"text","shape":[2147483647,2],"datatype":"BYTES","data":["a"]}]}""", 422)]
    [InlineData("""{"inputs":[{"name":"text","shape":[2147483647],"datatype":"BYTES","data":["a"]}]}""", 413)]
    [InlineData("""{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":4000},"data":["a"]}]}""", 400)]
    [InlineData("""{"inputs":[{"name":"a","shape":[1],"datatype":"BYTES","data":["a"]},{"name":"b","shape":[1],"datatype":"BYTES","data":["a"]}]}""", 422)]
    [InlineData("""{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["a"]}],"outputs":[{"name":"scores"}]}""", 422)]
    public async Task Tensors_that_do_not_fit_are_refused(string json, int status)
    {
        using HttpResponseMessage response = await _server.PostAsync(Infer, json);
        await TestServer.FaultAsync(response, status, "Validation");
    }

    [Theory]
    [InlineData("ffffff7f", 422)] // longer than the bytes
    [InlineData("ffffffff", 422)] // negative
    [InlineData("01000000ff", 422)] // not UTF-8
    [InlineData("0100", 422)]
    [InlineData("01000000610100000061", 422)] // one element too many
    public async Task Binary_elements_that_do_not_fit_are_refused(string hex, int status)
    {
        byte[] data = Convert.FromHexString(hex);
        byte[] json = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":{{{data.Length}}}}}]}""");
        using var content = new ByteArrayContent([.. json, .. data]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        using HttpResponseMessage response = await _server.Client.PostAsync(Infer, content, TestContext.Current.CancellationToken);
        await TestServer.FaultAsync(response, status, "Validation");
    }

    [Fact]
    public async Task Server_and_model_describe_themselves()
    {
        Assert.Contains("binary_tensor_data", (await _server.GetAsync("/v2"))["extensions"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.True((await _server.GetAsync("/v2/health/live"))["live"]!.GetValue<bool>());
        Assert.True((await _server.GetAsync("/v2/health/ready"))["ready"]!.GetValue<bool>());
        JsonNode model = await _server.GetAsync($"/v2/models/{TestServer.ModelName}/versions/1");
        Assert.Equal("""[{"name":"text","datatype":"BYTES","shape":[-1]}]""", model["inputs"]!.ToJsonString());
        Assert.Equal("[-1,3]", model["outputs"]![1]!["shape"]!.ToJsonString());
        Assert.True((await _server.GetAsync($"/v2/models/{TestServer.ModelName}/ready"))["ready"]!.GetValue<bool>());
        using HttpResponseMessage other = await _server.Client.GetAsync($"/v2/models/{TestServer.ModelName}/versions/2", TestContext.Current.CancellationToken);
        await TestServer.FaultAsync(other, 404, "Validation");
    }

    [Fact]
    public async Task VLLMs_classify_answers_every_labels_probability_in_the_models_order()
    {
        JsonNode answer = await _server.AnswerAsync("/classify", $$"""{"model":"{{TestServer.ModelName}}","input":["muy malo","bueno"]}""");
        Assert.Equal("list", answer["object"]!.ToString());
        SentimentPrediction expected = _classifier.Classify("bueno");
        JsonNode second = answer["data"]![1]!;
        Assert.Equal((1, expected.Label, 3), (second["index"]!.GetValue<int>(), second["label"]!.ToString(), second["num_classes"]!.GetValue<int>()));
        Scores.AreClose(expected.Probabilities, second["probs"]!.AsArray().Select(number => number!.GetValue<float>()));
        Assert.True(answer["usage"]!["prompt_tokens"]!.GetValue<int>() > 4);
        using HttpResponseMessage unknown = await _server.PostAsync("/classify", """{"model":"other","input":"bueno"}""");
        JsonNode fault = JsonNode.Parse(await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(404, fault["error"]!["code"]!.GetValue<int>());
        Assert.Contains("other", fault["error"]!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(TestServer.ModelName, (await _server.GetAsync("/v1/models"))["data"]![0]!["id"]!.ToString());
    }
}
