using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>text-embeddings-inference's /predict.</summary>
public sealed class PredictTests : IAsyncLifetime
{
    private readonly SentimentClassifier _classifier = TestServer.LoadClassifier();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _classifier.Dispose();
    }

    [Theory]
    [InlineData("/predict")]
    [InlineData("/")]
    [InlineData("/invocations")]
    [InlineData("/models/tiny_classifier_3/predict")]
    public async Task A_text_is_answered_with_every_labels_score_the_highest_first(string path)
    {
        using HttpResponseMessage response = await _server.PostAsync(path, """{"inputs": "la mesa tiene las patas bonitas 😀"}""");
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Scores.AreThose(answer, _classifier.Classify("la mesa tiene las patas bonitas 😀"));
        Assert.Equal("33", response.Headers.GetValues("x-compute-characters").Single());
        Assert.Equal("cpu", response.Headers.GetValues("x-compute-type").Single());
        foreach (string header in (string[])["x-compute-time", "x-compute-tokens", "x-total-time", "x-tokenization-time", "x-queue-time", "x-inference-time"])
            Assert.Matches("^[0-9]+$", response.Headers.GetValues(header).Single());
    }

    [Fact]
    public async Task A_mark_before_the_body_is_passed_over() =>
        Scores.AreThose(await _server.AnswerAsync("/predict", "\uFEFF" + """{"inputs": "muy malo"}"""), _classifier.Classify("muy malo"));

    [Theory]
    [InlineData("/health")]
    [InlineData("/info")]
    public async Task A_head_is_answered_as_a_get_without_its_body(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using HttpResponseMessage response = await _server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Raw_scores_are_the_networks_outputs() =>
        Scores.AreThose(await _server.AnswerAsync("/predict", """{"inputs": "muy malo", "raw_scores": true}"""), _classifier.Classify("muy malo"), raw: true);

    [Fact]
    public async Task Two_strings_are_a_pair() =>
        Scores.AreThose(await _server.AnswerAsync("/predict", """{"inputs": ["muy malo", "no lo compraría"]}"""),
            _classifier.ClassifyPair("muy malo", "no lo compraría"));

    [Fact]
    public async Task A_batch_has_a_list_for_each_text_or_pair_in_its_order()
    {
        JsonNode answer = await _server.AnswerAsync("/predict", """{"inputs": [["muy malo"], ["bueno", "y barato"], ["regular"]]}""");
        Assert.Equal(3, answer.AsArray().Count);
        Scores.AreThose(answer[0]!, _classifier.Classify("muy malo"));
        Scores.AreThose(answer[1]!, _classifier.ClassifyPair("bueno", "y barato"));
        Scores.AreThose(answer[2]!, _classifier.Classify("regular"));
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_cut_at_the_side_that_the_request_says_or_refused()
    {
        string text = string.Join(' ', Enumerable.Range(0, 2000).Select(i => $"palabra{i}"));
        JsonNode right = await _server.AnswerAsync("/predict", JsonSerializer.Serialize(new { inputs = text, truncate = true }));
        Scores.AreThose(right, _classifier.Classify(text));
        JsonNode left = await _server.AnswerAsync("/predict", JsonSerializer.Serialize(new { inputs = text, truncate = true, truncation_direction = "left" }));
        Assert.NotEqual(right.ToJsonString(), left.ToJsonString());
        // The end of the text alone, as many tokens as fit: the first of them may be the rest of a word.
        JsonNode end = await _server.AnswerAsync("/predict", JsonSerializer.Serialize(new { inputs = text[^1000..], truncate = false }));
        Assert.NotNull(end);
        using HttpResponseMessage refused = await _server.PostAsync("/predict", JsonSerializer.Serialize(new { inputs = text, truncate = false }));
        Assert.Contains("512 tokens", await TestServer.FaultAsync(refused, 422, "Validation"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"inputs": "bueno", "parameters": {}}""", 3)]
    [InlineData("""{"inputs": "bueno", "parameters": {"top_k": 1}}""", 1)]
    [InlineData("""{"inputs": ["bueno"], "parameters": {"top_k": 2, "function_to_apply": "softmax"}}""", 2)]
    [InlineData("""{"inputs": "bueno", "options": {"wait_for_model": true, "use_cache": false}}""", 3)]
    [InlineData("""{"inputs": "bueno", "parameters": {"top_k": 2}, "options": {}}""", 2)]
    public async Task With_parameters_or_options_the_answer_is_a_transformers_pipelines(string json, int labels)
    {
        JsonNode answer = await _server.AnswerAsync("/", json);
        JsonArray list = Assert.Single(answer.AsArray())!.AsArray();
        Assert.Equal(labels, list.Count);
        Assert.Equal(_classifier.Classify("bueno").Label, list[0]!["label"]!.ToString());
        Assert.Equal(_classifier.Classify("bueno").Score, list[0]!["score"]!.GetValue<float>(), 1e-5f);
    }

    [Theory]
    [InlineData("/", """{"inputs": ["bueno", "y barato"], "options": {"wait_for_model": true}}""")]
    [InlineData("/models/tiny_classifier_3", """{"inputs": ["bueno", "y barato"]}""")]
    [InlineData("/models/tiny_classifier_3", """{"inputs": [["bueno"], ["y barato"]]}""")]
    public async Task To_a_client_of_the_inference_api_two_texts_are_two_and_no_pair(string path, string json)
    {
        JsonNode answer = await _server.AnswerAsync(path, json);
        Assert.Equal(2, answer.AsArray().Count);
        Scores.AreThose(answer[0]!, _classifier.Classify("bueno"));
        Scores.AreThose(answer[1]!, _classifier.Classify("y barato"));
    }

    /// <summary>huggingface.js: <c>new InferenceClient(token).endpoint("http://127.0.0.1:8080/models/M").textClassification({ inputs })</c>.</summary>
    [Fact]
    public async Task At_the_inference_api_s_route_a_single_text_has_a_list_too() =>
        Scores.AreThose(Assert.Single((await _server.AnswerAsync("/models/tiny_classifier_3", """{"inputs": "muy malo"}""")).AsArray())!,
            _classifier.Classify("muy malo"));

    [Theory]
    [InlineData("""{"inputs": {"text": "bueno", "text_pair": "y barato"}, "parameters": {}}""")]
    [InlineData("""{"inputs": [{"text": "bueno", "text_pair": "y barato"}], "parameters": {"top_k": null}}""")]
    public async Task A_pipelines_pair_names_its_texts(string json) =>
        Scores.AreThose(Assert.Single((await _server.AnswerAsync("/predict", json)).AsArray())!, _classifier.ClassifyPair("bueno", "y barato"));

    [Theory]
    [InlineData("""{"inputs": ""}""", 400, "Empty")]
    [InlineData("""{"inputs": []}""", 400, "Empty")]
    [InlineData("""{"inputs": ["a", "b", "c"]}""", 422, "Validation")]
    [InlineData("""{"inputs": [["a"], "b"]}""", 422, "Validation")]
    [InlineData("""{"inputs": [[]]}""", 422, "Validation")]
    [InlineData("""{"inputs": [1]}""", 422, "Validation")]
    [InlineData("""{"inputs": {"text": "a"}}""", 422, "Validation")]
    [InlineData("""{"inputs": null}""", 422, "Validation")]
    [InlineData("""{}""", 422, "Validation")]
    [InlineData("""["a"]""", 422, "Validation")]
    [InlineData("""{"inputs": "a", "truncate": "yes"}""", 422, "Validation")]
    [InlineData("""{"inputs": "a", "parameters": []}""", 422, "Validation")]
    [InlineData("""{"inputs": "a", "options": "x"}""", 422, "Validation")]
    [InlineData("""{"inputs": "a", "truncation_direction": "up"}""", 422, "Validation")]
    [InlineData("""{"inputs": "\ud800"}""", 422, "Validation")]
    [InlineData("""{"inputs": "a", "inputs": "b"}""", 400, "Validation")]
    [InlineData("""{"inputs": "a" """, 400, "Validation")]
    [InlineData("", 400, "Validation")]
    public async Task What_cannot_be_answered_says_why(string json, int status, string type)
    {
        using HttpResponseMessage response = await _server.PostAsync("/predict", json);
        await TestServer.FaultAsync(response, status, type);
    }

    [Fact]
    public async Task A_text_is_tokenized_with_its_places_in_code_points()
    {
        JsonNode tokens = (await _server.AnswerAsync("/tokenize", """{"inputs": "😀 bueno"}"""))[0]!;
        Assert.Equal("<s>", tokens[0]!["text"]!.ToString());
        Assert.True(tokens[0]!["special"]!.GetValue<bool>());
        Assert.Null(tokens[0]!["start"]);
        JsonNode last = tokens[tokens.AsArray().Count - 2]!;
        Assert.Equal(7, last["stop"]!.GetValue<int>());
        Assert.EndsWith("o", last["text"]!.ToString(), StringComparison.Ordinal);
        JsonNode plain = await _server.AnswerAsync("/tokenize", """{"inputs": ["bueno", "malo"], "add_special_tokens": false}""");
        Assert.Equal(2, plain.AsArray().Count);
        Assert.All(plain.AsArray().SelectMany(list => list!.AsArray()), token => Assert.False(token!["special"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Info_says_what_is_served()
    {
        JsonNode info = await _server.GetAsync("/info");
        Assert.Equal(TestServer.ModelName, info["model_id"]!.ToString());
        Assert.Equal("positivo", info["model_type"]!["classifier"]!["id2label"]!["2"]!.ToString());
        Assert.Equal(2, info["model_type"]!["classifier"]!["label2id"]!["positivo"]!.GetValue<int>());
        Assert.Equal(512, info["max_input_length"]!.GetValue<int>());
        Assert.Equal(32, info["max_client_batch_size"]!.GetValue<int>());
    }

    [Fact]
    public async Task Metrics_have_text_embeddings_inferences_names()
    {
        await _server.AnswerAsync("/predict", """{"inputs": "bueno"}""");
        await _server.AnswerAsync("/predict", """{"inputs": [["bueno"], ["malo"]]}""");
        using (HttpResponseMessage refused = await _server.PostAsync("/predict", """{"inputs": ""}"""))
            await TestServer.FaultAsync(refused, 400, "Empty");
        string metrics = await _server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        foreach (string line in (
            string[])["te_request_count{method=\"single\"} 2", "te_request_count{method=\"batch\"} 1", "te_request_success{method=\"single\"} 1",
            "te_request_success{method=\"batch\"} 1", "te_request_failure{err=\"validation\"} 1", "te_predict_count 3", "te_predict_success 3",
            "te_queue_size 0",
            "te_request_duration_count 2", "te_request_queue_duration_count 2", "te_predict_inference_duration_count 3", "te_request_input_length_count 3",
            "# TYPE te_batch_next_size histogram", "# TYPE te_batch_next_tokens histogram"])
            Assert.Contains(line + "\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_and_unknown_models_are_told()
    {
        using HttpResponseMessage health = await _server.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)health.StatusCode);
        using HttpResponseMessage unknown = await _server.PostAsync("/models/other/predict", """{"inputs": "bueno"}""");
        Assert.Contains("'other'", await TestServer.FaultAsync(unknown, 404, "Validation"), StringComparison.Ordinal);
    }
}
