using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>Files through /predict/file.</summary>
public sealed class FileTests : IAsyncLifetime
{
    private readonly SentimentClassifier _classifier = TestServer.LoadClassifier();
    private TestServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync(options => (options.MaxFileBytes, options.MaxConcurrentFiles) = (8_000_000, 1));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _classifier.Dispose();
    }

    [Fact]
    public async Task Lines_of_json_come_back_with_their_ids_and_predictions_in_order()
    {
        string file = string.Concat(Enumerable.Range(0, 3000).Select(i => $"{{\"id\": \"{i}\", \"text\": \"muy bueno {i % 7} \\\"sí\\\"\"}}\n"));
        using HttpResponseMessage response = await SendAsync(file, "application/x-ndjson");
        Assert.Equal("3000", response.Headers.GetValues("x-total-rows").Single());
        string[] lines = (await response.Content.ReadAsStringAsync(Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3000, lines.Length);
        for (int i = 0; i < lines.Length; i += 500)
        {
            JsonNode line = JsonNode.Parse(lines[i])!;
            SentimentPrediction expected = _classifier.Classify($"muy bueno {i % 7} \"sí\"");
            Assert.Equal((i.ToString(CultureInfo.InvariantCulture), expected.Label), (line["id"]!.ToString(), line["label"]!.ToString()));
            Assert.Equal(expected.Score, line["score"]!.GetValue<float>(), 1e-5f);
            Assert.Equal(3, line["probabilities"]!.AsObject().Count);
            Assert.Equal(expected.Sentiment?.ToString().ToLowerInvariant(), line["sentiment"]?.ToString());
        }
    }

    [Fact]
    public async Task Csv_comes_back_as_csv_with_a_column_for_each_label()
    {
        using HttpResponseMessage response = await SendAsync("id,text\n1,\"bueno, barato y \"\"bonito\"\"\"\n2,malo\n", "text/csv");
        string[] lines = (await response.Content.ReadAsStringAsync(Stop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("id,text,label,score,sentiment,probability_negativo,probability_neutro,probability_positivo", lines[0]);
        Assert.StartsWith("1,\"bueno, barato y \"\"bonito\"\"\",", lines[1], StringComparison.Ordinal);
        Assert.StartsWith($"2,malo,{_classifier.Classify("malo").Label},", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    /// <summary>As the tool does; a client would lose them otherwise, or have two columns of one name.</summary>
    [Fact]
    public async Task Columns_that_are_called_as_an_answers_keep_their_values_under_other_names()
    {
        const string File = "score,unsure,text,id\n7,sí,muy bueno,1\n";
        using HttpResponseMessage csv = await SendAsync(File, "text/csv");
        string[] lines = (await csv.Content.ReadAsStringAsync(Stop)).Split("\r\n");
        Assert.StartsWith("input_score,input_unsure,id,text,label,score,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("7,sí,1,muy bueno,", lines[1], StringComparison.Ordinal);
        using HttpResponseMessage json = await SendAsync(File, "text/csv", "application/x-ndjson");
        JsonNode line = JsonNode.Parse(await json.Content.ReadAsStringAsync(Stop))!;
        Assert.Equal(("7", "sí", "1"), (line["input_score"]!.ToString(), line["input_unsure"]!.ToString(), line["id"]!.ToString()));
        Assert.InRange(line["score"]!.GetValue<float>(), 0, 1);
    }

    /// <summary>So few bytes are answered by then that none has left the server.</summary>
    [Fact]
    public async Task An_answer_that_breaks_off_ends_the_connection()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.AddModel("breaks", _ =>
            new SentimentClassifier(TestServer.LoadClassifier().Scorer with
            {
                Transforms = text => text.Text == "1400" ? throw new InvalidDataException("row 1400") : text,
            })));
        using var content = new StringContent("text\n" + string.Join('\n', Enumerable.Range(0, 1500)), Encoding.UTF8, "text/csv");
        HttpRequestException cut = await Assert.ThrowsAsync<HttpRequestException>(() => server.Client.PostAsync("/predict/file", content, Stop));
        Assert.Contains("row 1400", Assert.Single(server.Errors), StringComparison.Ordinal);
        Assert.NotNull(cut.InnerException);
    }

    [Fact]
    public async Task A_row_without_a_text_has_an_empty_answer()
    {
        const string File = "id,text\n1,\n2,malo\n3,\"  \"\n";
        using HttpResponseMessage csv = await SendAsync(File, "text/csv");
        string[] lines = (await csv.Content.ReadAsStringAsync(Stop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(("1,,,,,,,", "3,  ,,,,,,"), (lines[1], lines[3]));
        Assert.StartsWith($"2,malo,{_classifier.Classify("malo").Label},", lines[2], StringComparison.Ordinal);
        using HttpResponseMessage json = await SendAsync(File, "text/csv", "application/x-ndjson");
        string[] objects = (await json.Content.ReadAsStringAsync(Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("""{"id":"1","text":"","label":null,"score":null,"probabilities":null,"sentiment":null,"missing_text":true}""", objects[0]);
        Assert.Null(JsonNode.Parse(objects[1])!["missing_text"]);
    }

    [Fact]
    public async Task A_missing_column_is_named_as_the_client_gave_it()
    {
        using HttpResponseMessage response = await SendAsync("id,text\n1,malo\n", "text/csv", "text/csv", "?text_column=nada");
        string message = await TestServer.FaultAsync(response, 422, "Validation");
        Assert.Contains("text_column", message, StringComparison.Ordinal);
        Assert.DoesNotContain("HasHeader", message, StringComparison.Ordinal);
        Assert.Contains("put a first line with a number for each column above its rows: its columns are then called 1, 2 and so on", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_XML_plain_text_and_Excel_workbooks_are_read_too()
    {
        using HttpResponseMessage json = await SendAsync("""[{"id": 1, "text": "muy bueno"}]""", "application/json");
        Assert.Equal("1 muy bueno", IdAndText(await json.Content.ReadAsStringAsync(Stop)));
        using HttpResponseMessage xml = await SendAsync("<all><row id=\"1\"><text>muy bueno</text></row><row id=\"2\"><text>malo</text></row></all>",
            "application/xml");
        Assert.Equal("1 muy bueno", IdAndText((await xml.Content.ReadAsStringAsync(Stop)).Split('\n')[0]));
        using HttpResponseMessage plain = await SendAsync("muy bueno, dice\n", "text/plain");
        Assert.Equal(" muy bueno, dice", IdAndText(await plain.Content.ReadAsStringAsync(Stop)));
        using HttpResponseMessage excel =
            await SendAsync(Workbook.With(["id", "texto"], ["7", "muy malo"]), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        Assert.Equal("7 muy malo", IdAndText(await excel.Content.ReadAsStringAsync(Stop)));
        using HttpResponseMessage damaged = await SendAsync("PK no workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        await TestServer.FaultAsync(damaged, 422, "Validation");

        static string IdAndText(string line) => $"{JsonNode.Parse(line)!["id"]} {JsonNode.Parse(line)!["text"]}";
    }

    [Fact]
    public async Task The_answers_format_is_the_one_that_the_request_accepts()
    {
        using HttpResponseMessage response = await SendAsync("reseña;n\nmuy bueno;1\n", "text/csv", "application/x-ndjson", "?text_column=rese%C3%B1a");
        Assert.Equal("muy bueno", JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!["text"]!.ToString());
        using HttpResponseMessage refused = await SendAsync("text\na\n", "text/csv", "image/png");
        await TestServer.FaultAsync(refused, 406, "Validation");
    }

    [Theory]
    [InlineData("{\"text\": \"a\"}\n{\"text\": ", "application/x-ndjson", 422)]
    [InlineData("id,number\n1,2\n", "text/csv", 422)]
    [InlineData("", "text/csv", 422)]
    [InlineData("text\na\n", "text/html", 415)]
    public async Task A_file_with_a_fault_is_refused_before_anything_is_answered(string file, string type, int status)
    {
        using HttpResponseMessage response = await SendAsync(file, type);
        string message = await TestServer.FaultAsync(response, status, "Validation");
        Assert.DoesNotContain(Path.GetTempPath(), message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_have_a_limit_and_leave_nothing_on_the_disk()
    {
        string[] before = Directory.GetDirectories(Path.GetTempPath(), "sentimentml-*");
        using HttpResponseMessage response = await SendAsync("text\n" + new string('a', 8_000_000), "text/csv");
        await TestServer.FaultAsync(response, 413, "Validation");
        using HttpResponseMessage answered = await SendAsync("text\nbueno\n", "text/csv");
        await answered.Content.ReadAsStringAsync(Stop);
        // Other servers of these tests have files there too, each for the time of its request: what is left behind stays.
        string[] received = [.. Directory.GetDirectories(Path.GetTempPath(), "sentimentml-*").Except(before).Select(folder => Path.Combine(folder, "file"))];
        for (var wait = Stopwatch.StartNew(); received.Any(File.Exists) && wait.Elapsed < TimeSpan.FromMinutes(1);)
            await Task.Delay(100, Stop);
        Assert.DoesNotContain(received, File.Exists);
    }

    [Fact]
    public async Task One_file_more_than_are_taken_at_once_is_answered_429()
    {
        using var pipe = new SlowContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict/file") { Content = pipe };
        Task<HttpResponseMessage> first = _server.Client.SendAsync(request, Stop);
        await pipe.Started.Task.WaitAsync(Stop);
        while (_server.FreeFileSlots > 0) // the first is still on its way
            await Task.Delay(5, Stop);
        using HttpResponseMessage second = await SendAsync("text\nbueno\n", "text/csv");
        await TestServer.FaultAsync(second, 429, "Overloaded");
        pipe.End.SetResult();
        using HttpResponseMessage answer = await first;
        answer.EnsureSuccessStatusCode();
    }

    private Task<HttpResponseMessage> SendAsync(string file, string type, string? accept = null, string query = "") =>
        SendAsync(Encoding.UTF8.GetBytes(file), type, accept, query);

    private async Task<HttpResponseMessage> SendAsync(byte[] file, string type, string? accept = null, string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/predict/file{query}") { Content = new ByteArrayContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await _server.Client.SendAsync(request, Stop);
    }

    /// <summary>A csv file that pauses after its head.</summary>
    private sealed class SlowContent : HttpContent
    {
        public SlowContent() => Headers.ContentType = new MediaTypeHeaderValue("text/csv");

        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync("text\n"u8.ToArray(), Stop);
            await stream.FlushAsync(Stop);
            Started.SetResult();
            await End.Task.WaitAsync(Stop);
            await stream.WriteAsync("malo\n"u8.ToArray(), Stop);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
