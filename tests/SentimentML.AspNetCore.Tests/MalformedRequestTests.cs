using System.Text;
using System.Text.RegularExpressions;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>Two thousand requests that are wrong in as many ways, on sockets: each is refused, and the server goes on.</summary>
public sealed partial class MalformedRequestTests
{
    private const int Requests = 2000, AtOnce = 16;

    private static readonly string[] Routes =
        ["/predict", "/", "/tokenize", "/classify", $"/v2/models/{TestServer.ModelName}/infer", $"/models/{TestServer.ModelName}/predict"];

    private static readonly string[] WrongJson =
    [
        "{\"inputs\": ", "{\"inputs\": \"a\"", "{\"inputs\": \"a\"}}", "{\"inputs\": 'a'}", "{inputs: \"a\"}", "{\"inputs\": NaN}", "{\"inputs\": \"a\", }",
        "\"a\"", "null", "[]", "12", "",
        "{\"inputs\": 1e999}", "{\"inputs\": true, \"input\": true}", "{\"inputs\": {\"inputs\": {}}, \"input\": {}}",
        "{\"inputs\": [[[\"a\"]]], \"input\": [[\"a\"]]}",
        "{\"inputs\": \"\\ud800\", \"input\": \"\\udfff\"}", "{\"inputs\": \"a\\u0\"}", "{\"inputs\": \"a\u0001\"}", "{\"inputs\": \"\", \"input\": \"\"}",
        "{\"inputs\": [null], \"input\": [null]}",
        "{\"inputs\": [[\"a\", 1]], \"input\": [1]}", "{\"inputs\": \"a\", \"inputs\": \"b\", \"input\": 1}",
        "{\"input\": {}, \"inputs\": [{\"name\": \"text\"}]}",
        "{\"input\": 1, \"inputs\": [{\"name\": \"text\", \"shape\": [1], \"datatype\": \"FP32\", \"data\": [1.5]}]}",
        "{\"input\": 1, \"inputs\": [{\"name\": 5, \"shape\": {}, \"datatype\": [], \"data\": 0}]}",
    ];

    [Fact]
    public async Task Each_is_refused_and_the_server_answers_afterwards()
    {
        await using TestServer server =
            await TestServer.StartAsync(options => (options.MaxRequestBytes, options.BodyTimeout) = (20_000, TimeSpan.FromSeconds(2)));
        var wrong = new List<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) =>
        {
            (byte[] request, bool breaksOff) = Request(new Random(number), number);
            string answer = await server.SendRawAsync(request, thenEnd: breaksOff);
            bool isRefused = RefusedStatus().IsMatch(answer) || (breaksOff && answer.Length == 0);
            if (!isRefused || answer.Contains("   at ", StringComparison.Ordinal) || answer.Contains("Exception", StringComparison.Ordinal))
                lock (wrong)
                    wrong.Add($"{number}: {Shown(Encoding.Latin1.GetString(request))}\n  => {Shown(answer)}");
        });
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {Requests}:\n{string.Join('\n', wrong.Take(20))}");
        Scores.AreThose(await server.AnswerAsync("/predict", """{"inputs": "bueno"}"""), Expected());
        string metrics = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("te_queue_size 0\n", metrics, StringComparison.Ordinal);
        Assert.Empty(server.Errors.Take(3));
    }

    private static SentimentPrediction Expected()
    {
        using SentimentClassifier classifier = TestServer.LoadClassifier();
        return classifier.Classify("bueno");
    }

    private static (byte[] Request, bool BreaksOff) Request(Random random, int number)
    {
        string route = Routes[random.Next(Routes.Length)];
        byte[] whole = "{\"inputs\": \"muy bueno\", \"input\": \"muy bueno\"}"u8.ToArray();
        switch (number % 14)
        {
            case 0 or 1 or 2: // wrong JSON
                return (Http(route, Encoding.UTF8.GetBytes(WrongJson[random.Next(WrongJson.Length)])), false);
            case 3: // deep
                int depth = random.Next(20, 5000);
                return (Http(route, Encoding.ASCII.GetBytes($"{{\"inputs\": {new string('[', depth)}{new string(']', depth)}}}")), false);
            case 4: // huge
                return (Http(route, Encoding.ASCII.GetBytes($"{{\"inputs\": \"{new string('a', random.Next(20_000, 60_000))}\"}}")), false);
            case 5: // announced as huge
                return (Encoding.ASCII.GetBytes($"POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                    + $"{random.NextInt64(20_001, long.MaxValue)}\r\n\r\n{{"), false);
            case 6: // cut
                byte[] http = Http(route, whole);
                return (http[..random.Next(1, http.Length)], true);
            case 7: // bytes that are no UTF-8
                byte[] bytes = [.. "{\"inputs\": \""u8, (byte)random.Next(0x80, 0xC0), (byte)random.Next(0xF8, 0x100), .. "\", \"input\": \""u8, 0xC3,
                    .. "\"}"u8];
                return (Http(route, bytes), false);
            case 8: // noise
                byte[] noise = new byte[random.Next(1, 4000)];
                random.NextBytes(noise);
                return (random.Next(2) == 0 ? Http(route, noise) : [.. noise, .. "\r\n\r\n"u8], true);
            case 9: // other encodings
                Encoding encoding = random.Next(2) == 0 ? Encoding.Unicode : Encoding.UTF32;
                return (Http(route, [.. encoding.GetPreamble(), .. encoding.GetBytes("{\"inputs\": \"a\"}")]), false);
            case 10: // smuggled lengths
                string[] lengths =
                [
                    "Content-Length: 5\r\nContent-Length: 6", "Content-Length: -1", "Content-Length: 1e3", "Content-Length: 99999999999999999999",
                    "Content-Length: 5, 5",
                    "Transfer-Encoding: chunked, identity", "Transfer-Encoding: xchunked", "Transfer-Encoding: gzip, chunked, gzip",
                ];
                return (Encoding.ASCII.GetBytes($"POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                    + $"application/json\r\n{lengths[random.Next(lengths.Length)]}\r\n\r\n{{\"a\"}}"), false);
            case 11: // chunks that lie
                string[] chunks = ["zz\r\n{}\r\n0\r\n\r\n", "5\r\n{}\r\n0\r\n\r\n", "ffffffffffffffff\r\n{}\r\n", "2\r\n{}2\r\n{}\r\n0\r\n\r\n",
                    "-1\r\n{}\r\n0\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n"];
                return (Encoding.ASCII.GetBytes($"POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                    + $"4\r\nTransfer-Encoding: chunked\r\n\r\n{chunks[random.Next(chunks.Length)]}"), false);
            case 12: // heads that are none
                string[] heads =
                [
                    "GET\r\n\r\n", $"POST {route}\r\n\r\n", $"POST {route} HTTP/9.9\r\n\r\n", $"POST {route} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                    $"POST {route} HTTP/1.1\r\n\r\n",
                    $"POST {route} HTTP/1.1\r\nHost: localhost\r\nX : 1\r\n\r\n", $"POST {route} HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b\r\n\r\n",
                    $"POST {route} HTTP/1.1\r\nHost: localhost\r\n X: 1\r\n\r\n",
                    $"POST {route} HTTP/1.1\nHost: localhost\n\n", $"POST /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    $"DELETE {route} HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    $"POST {route} HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 40_000)}\r\n\r\n",
                    "POST /v2/models/..%2f..%2fetc/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
                ];
                return (Encoding.Latin1.GetBytes(heads[random.Next(heads.Length)]), false);
            default: // other types
                string[] types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16",
                    "json", "application/xml"];
                return (Http(route, whole, types[random.Next(types.Length)]), false);
        }
    }

    private static byte[] Http(string route, byte[] body, string type = "application/json") =>
        [.. Encoding.ASCII.GetBytes($"POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    private static string Shown(string text) => string.Concat(text.Take(300).Select(character => char.IsControl(character) ? '·' : character));

    [GeneratedRegex(@"\AHTTP/1\.1 (4[0-9][0-9]|505) ")]
    private static partial Regex RefusedStatus();
}
