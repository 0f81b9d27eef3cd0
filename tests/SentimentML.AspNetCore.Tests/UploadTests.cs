using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>Files in forms through /predict/file, as browsers, curl -F and Python's requests send them.</summary>
public sealed class UploadTests : IAsyncLifetime
{
    private const string Type = "multipart/form-data; boundary=x";
    private const string Csv = "id,texto\n1,muy bueno\n2,\"malo, malo\"\n";
    private readonly SentimentClassifier _classifier = TestServer.LoadClassifier();
    private TestServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(options => options.MaxFileBytes = 100_000);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _classifier.Dispose();
    }

    /// <summary>The bytes of curl -F file=@reviews.csv: curl knows no type for csv, so the name says the format.</summary>
    [Fact]
    public async Task Curls_form_with_a_file_is_answered_as_the_file_alone_is()
    {
        string[] lines = await LinesAsync(Form("--------------------------x8", $"Content-Disposition: form-data; name=\"file\"; filename=\"reviews.csv\"\r\n"
            + $"Content-Type: application/octet-stream\r\n\r\n{Csv}"));
        Assert.Equal("id,text,label,score,sentiment,probability_negativo,probability_neutro,probability_positivo", lines[0]);
        Assert.StartsWith($"1,muy bueno,{_classifier.Classify("muy bueno").Label},", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("2,\"malo, malo\",", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Theory]
    [InlineData("reviews.csv", null)] // Python's requests sends no type
    [InlineData("reviews.csv", "text/plain")]
    [InlineData("reviews.csv", "application/vnd.ms-excel")] // browsers, where Excel is installed
    [InlineData("mis reseñas.v2.CSV", "text/csv")]
    [InlineData("../../etc/x.csv", null)]
    [InlineData("reviews", "text/csv")]
    public async Task The_name_or_the_type_of_the_file_says_its_format(string name, string? type)
    {
        string[] lines = await LinesAsync(Form("x", $"Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n"
            + (type is null ? "" : $"Content-Type: {type}\r\n") + $"\r\n{Csv}"));
        Assert.StartsWith("1,muy bueno,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_JSON_and_compressed_files_are_read_in_a_form_too()
    {
        (string Name, byte[] Content)[] files =
        [
            ("a.txt", "muy bueno\n"u8.ToArray()), ("a.jsonl", "{\"text\": \"muy bueno\"}\n"u8.ToArray()), ("a.tsv", "id\ttext\n1\tmuy bueno\n"u8.ToArray()),
            ("a.csv.gz", Gzip("id,text\n1,muy bueno\n")), ("a.xlsx", Workbook.With(["id", "texto"], ["1", "muy bueno"])),
        ];
        foreach ((string name, byte[] content) in files)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", name } };
            Assert.Contains("muy bueno", string.Join('\n', await LinesAsync(form)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_forms_field_names_the_column_before_the_file_or_behind_it(bool isBefore)
    {
        const string Field = "Content-Disposition: form-data; name=\"text_column\"\r\n\r\nid";
        string file = $"Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{Csv}";
        string[] lines = await LinesAsync(isBefore ? Form("x", Field, file) : Form("x", file, Field));
        Assert.StartsWith("texto,text,label", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("muy bueno,1,", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("multipart/form-data", "--x--", 400, "without a boundary")]
    [InlineData(Type, "", 400, "The form is cut or malformed.")]
    [InlineData(Type, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\ntext\nmalo\n", 400, "cut")]
    [InlineData(Type, "--x\r\nX: y\r\n\r\na\r\n--x--", 400, "a part without a Content-Disposition")]
    [InlineData(Type, "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--", 422, "curl -F file=@reviews.csv")]
    [InlineData(Type, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nb\r\n--x--", 415, "no extension")]
    [InlineData(Type, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\nb\r\n--x--", 422,
        "the extension does not say the format")]
    public async Task A_form_without_a_file_that_can_be_read_says_why(string type, string form, int status, string expected)
    {
        using HttpResponseMessage response = await SendAsync(Content(type, form));
        Assert.Contains(expected, await TestServer.FaultAsync(response, status, "Validation"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_file_and_a_file_beyond_the_limit_are_refused()
    {
        const string File = "Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\ntext\n";
        using HttpResponseMessage two = await SendAsync(Form("x", File + "a", File + "b"));
        Assert.Contains("several files", await TestServer.FaultAsync(two, 422, "Validation"), StringComparison.Ordinal);
        using HttpResponseMessage large = await SendAsync(Form("x", File + new string('a', 100_000)));
        await TestServer.FaultAsync(large, 413, "Validation");
        using HttpResponseMessage column = await SendAsync(Form("x", "Content-Disposition: form-data; name=\"text_column\"\r\n\r\n" + new string('a', 2000)));
        await TestServer.FaultAsync(column, 422, "Validation");
        Assert.Empty(_server.Errors);
    }

    private static HttpContent Form(string boundary, params string[] parts) => Content($"multipart/form-data; boundary={boundary}",
        string.Concat(parts.Select(part => $"--{boundary}\r\n{part}\r\n")) + $"--{boundary}--\r\n");

    private static HttpContent Content(string type, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private Task<HttpResponseMessage> SendAsync(HttpContent content) => _server.Client.PostAsync("/predict/file", content, Stop);

    private async Task<string[]> LinesAsync(HttpContent content)
    {
        using HttpResponseMessage response = await SendAsync(content);
        string body = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, body);
        return body.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries);
    }
}
