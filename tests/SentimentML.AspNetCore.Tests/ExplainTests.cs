using System.Text;
using System.Text.Json.Nodes;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>Words that moved a label, through /explain.</summary>
public sealed class ExplainTests
{
    private const string Text = "Muy malo 🙂 todo, no funciona";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_is_explained_as_the_library_explains_it_with_places_in_code_points()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SentimentClassifier classifier = TestServer.LoadClassifier();
        Explanation expected = classifier.Explain(Text, ExplanationMethod.Occlusion, cancellationToken: Stop);
        JsonNode answer = await ExplainAsync(server, Text);
        Assert.Equal((expected.Label, Text, false), (answer["label"]!.ToString(), answer["text"]!.ToString(), answer["truncated"]!.GetValue<bool>()));
        Assert.Equal(expected.Score, answer["score"]!.GetValue<float>(), 1e-5f);
        JsonArray words = answer["words"]!.AsArray();
        Assert.Equal(expected.Words.Select(word => word.Word), words.Select(word => word!["text"]!.ToString()));
        Assert.All(expected.Words.Zip(words), pair => Assert.Equal(pair.First.Weight, pair.Second!["weight"]!.GetValue<double>(), 1e-4));
        int[] runes = [.. Text.EnumerateRunes().Select(rune => rune.Value)];
        Assert.All(words, word =>
            Assert.Equal(word!["text"]!.ToString(),
                string.Concat(runes[word["start"]!.GetValue<int>()..word["stop"]!.GetValue<int>()].Select(char.ConvertFromUtf32))));
    }

    [Fact]
    public async Task Another_label_is_explained_if_the_request_names_it()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SentimentClassifier classifier = TestServer.LoadClassifier();
        string label = classifier.Labels.First(name => name != classifier.Classify(Text).Label);
        JsonNode answer = await server.AnswerAsync(
            $"/models/{TestServer.ModelName}/explain", new JsonObject { ["inputs"] = Text, ["label"] = label }.ToJsonString());
        Assert.Equal(label, answer["label"]!.ToString());
        using HttpResponseMessage unknown = await server.PostAsync("/explain", """{"inputs": "bueno", "label": "triste"}""");
        Assert.Contains("'triste'", await TestServer.FaultAsync(unknown, 422, "Validation"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(5, 4)]
    [InlineData(8, 8)]
    public async Task A_long_text_is_explained_in_so_many_runs_of_words_as_the_limit_allows(int limit, int runs)
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxWordsPerExplanation = limit);
        JsonArray words = (await ExplainAsync(server, "uno dos tres cuatro cinco seis siete ocho"))["words"]!.AsArray();
        Assert.Equal(runs, words.Count);
        Assert.Equal("uno dos tres cuatro cinco seis siete ocho", string.Join(' ', words.Select(word => word!["text"]!.ToString())));
    }

    [Theory]
    [InlineData("""{"inputs": ""}""", 400, "Empty")]
    [InlineData("""{"inputs": ["a"]}""", 422, "Validation")]
    [InlineData("""{"text": "a"}""", 422, "Validation")]
    [InlineData("""{"inputs": "a", "label": 1}""", 422, "Validation")]
    [InlineData("""{"inputs": "demasiado largo"}""", 422, "Validation")]
    public async Task What_cannot_be_explained_is_answered_as_elsewhere(string body, int status, string type)
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxTextCharacters = 10);
        using HttpResponseMessage response = await server.PostAsync("/explain", body);
        await TestServer.FaultAsync(response, status, type);
        Assert.Empty(server.Errors);
    }

    [Fact]
    public async Task More_explanations_at_once_than_the_limit_are_answered_429_and_a_client_that_leaves_makes_room()
    {
        using var model = new GatedModel();
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.MaxConcurrentExplanations = 2;
            options.AddModel("gated", _ => model.Load());
        });
        model.Close();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task<JsonNode> first = ExplainAsync(server, Text);
        while (model.Rows == 0) // the first one is with the network, and has the model's turn
            await Task.Delay(5, Stop);
        Task<HttpResponseMessage> second =
            server.Client.PostAsync("/explain", new StringContent("""{"inputs": "bueno"}""", Encoding.UTF8, "application/json"), leaving.Token);
        while (server.FreeExplanationSlots > 0)
            await Task.Delay(5, Stop);
        using HttpResponseMessage third = await server.PostAsync("/explain", """{"inputs": "bueno"}""");
        await TestServer.FaultAsync(third, 429, "Overloaded");
        Assert.NotNull(third.Headers.RetryAfter);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await server.WaitForMetricAsync("te_request_failure{err=\"dropped\"} 1");
        Task<JsonNode> fourth = ExplainAsync(server, "bueno");
        model.Open();
        Assert.Equal(Text, (await first)["text"]!.ToString());
        Assert.Equal("bueno", (await fourth)["text"]!.ToString());
        Assert.Empty(server.Errors);
    }

    private static Task<JsonNode> ExplainAsync(TestServer server, string text) =>
        server.AnswerAsync("/explain", new JsonObject { ["inputs"] = text }.ToJsonString());
}
