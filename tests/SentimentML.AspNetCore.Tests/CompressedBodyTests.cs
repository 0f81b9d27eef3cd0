using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>Bodies that clients compress (Content-Encoding), as Triton's own client does when asked to.</summary>
public sealed class CompressedBodyTests : IAsyncLifetime
{
    private const string Bueno = """{"inputs": "bueno"}""", Csv = "id,text\n1,muy bueno\n2,malo\n";
    private readonly SentimentClassifier _classifier = TestServer.LoadClassifier();
    private TestServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync(options => (options.MaxRequestBytes, options.MaxFileBytes) = (10_000, 100_000));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _classifier.Dispose();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_compressed_body_is_read_on_every_face(string encoding)
    {
        Scores.AreThose(JsonNode.Parse(await AnswerAsync("/predict", Bueno, encoding))!, _classifier.Classify("bueno"));
        string infer = await AnswerAsync($"/v2/models/{TestServer.ModelName}/infer",
            """{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["bueno"]}]}""", encoding);
        Assert.Equal(_classifier.Classify("bueno").Label, JsonNode.Parse(infer)!["outputs"]![0]!["data"]![0]!.ToString());
        await AnswerAsync("/classify", """{"input": "bueno"}""", encoding);
        Assert.Equal(3, (await AnswerAsync("/predict/file", Csv, encoding, "text/csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        const string Form = $"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{Csv}\r\n--x--\r\n";
        Assert.Contains("muy bueno", await AnswerAsync("/predict/file", Form, encoding, "multipart/form-data; boundary=x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_says_identity_is_as_it_comes() => Scores.AreThose(JsonNode.Parse(await AnswerAsync("/predict", Bueno, "identity"))!,
        _classifier.Classify("bueno"));

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task What_is_unpacked_has_the_limits_of_what_comes_as_it_is(string encoding)
    {
        foreach ((string route, string type) in ((string, string)[])[("/predict", "application/json"), ("/predict/file", "text/csv")])
        {
            using HttpContent bomb = Content("text\n" + new string(' ', 20_000_000), encoding, type);
            Assert.True(bomb.Headers.ContentLength < 100_000);
            using HttpResponseMessage response = await _server.Client.PostAsync(route, bomb, Stop);
            await TestServer.FaultAsync(response, 413, "Validation");
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_damaged_body_and_one_that_is_cut_off_are_refused(string encoding)
    {
        foreach ((string route, string body, string type) in
            ((string, string, string)[])[("/predict", Bueno, "application/json"), ("/predict/file", Csv, "text/csv")])
        {
            byte[] packed = Packed(body, encoding);
            foreach (byte[] bytes in (byte[][])[packed[..^3], packed[..(packed.Length / 2)], Encoding.UTF8.GetBytes(body)])
            {
                using HttpContent content = Labelled(bytes, encoding, type);
                using HttpResponseMessage response = await _server.Client.PostAsync(route, content, Stop);
                Assert.Contains($"The body is not {encoding}", await TestServer.FaultAsync(response, 400, "Validation"), StringComparison.Ordinal);
            }
        }
        Assert.Empty(_server.Errors);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    public async Task Another_encoding_and_several_are_refused_beside_those_that_are_read(string encoding)
    {
        using HttpContent content = Labelled(Encoding.UTF8.GetBytes(Bueno), encoding, "application/json");
        using HttpResponseMessage response = await _server.Client.PostAsync("/predict", content, Stop);
        Assert.Equal($"The Content-Encoding is {encoding}, expected gzip, deflate, br or none.", await TestServer.FaultAsync(response, 415, "Validation"));
    }

    private async Task<string> AnswerAsync(string route, string body, string encoding, string type = "application/json")
    {
        using HttpContent content = Content(body, encoding, type);
        using HttpResponseMessage response = await _server.Client.PostAsync(route, content, Stop);
        string answer = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, answer);
        return answer;
    }

    private static HttpContent Content(string body, string encoding, string type) => Labelled(Packed(body, encoding), encoding, type);

    private static HttpContent Labelled(byte[] bytes, string encoding, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return content;
    }

    private static byte[] Packed(string text, string encoding)
    {
        if (encoding == "identity")
            return Encoding.UTF8.GetBytes(text);
        using var packed = new MemoryStream();
        using (Stream packing = encoding switch
        {
            "deflate" => new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionMode.Compress, leaveOpen: true),
            _ => new GZipStream(packed, CompressionMode.Compress, leaveOpen: true),
        })
            packing.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
