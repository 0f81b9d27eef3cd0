using System.Text.Json.Nodes;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>Several models in one server, replaced and unloaded while they are used.</summary>
public sealed class ModelTests
{
    private const string Bueno = """{"inputs": "bueno"}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static SentimentClassifierOptions OnCpu => new() { Device = TorchDevice.Cpu };

    [Fact]
    public async Task Models_answer_under_their_names_and_the_first_one_without()
    {
        await using TestServer server = await StartAsync();
        Assert.Equal(3, (await server.AnswerAsync("/predict", Bueno)).AsArray().Count);
        Assert.Equal(2, (await server.AnswerAsync("/models/two/predict", Bueno)).AsArray().Count);
        Assert.Equal("""["three","two"]""", (await server.GetAsync("/info"))["models"]!.ToJsonString());
        JsonNode answer = await server.AnswerAsync("/classify", """{"model": "two", "input": "bueno"}""");
        Assert.Equal(2, answer["data"]![0]!["num_classes"]!.GetValue<int>());
    }

    [Fact]
    public void A_models_name_is_its_files_or_its_hub_ids_without_the_revision()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("ana@example", "reviews v2"));
        Assert.Equal("reviews-v2", ModelSource.NameOf(folder.At("ana@example", "reviews v2")));
        Assert.Equal("beto", ModelSource.NameOf("org/beto@refs/pr/1"));
        Assert.Equal("sentiment", ModelSource.NameOf("sentiment.zip"));
    }

    [Fact]
    public async Task A_model_is_replaced_without_losing_a_request()
    {
        await using TestServer server = await StartAsync();
        using var ending = new CancellationTokenSource();
        var sizes = new HashSet<int>();
        Task<int>[] clients = [.. Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            int answers = 0;
            for (; !ending.IsCancellationRequested; answers++)
            {
                JsonNode answer = await server.AnswerAsync("/predict", Bueno);
                lock (sizes)
                    sizes.Add(answer.AsArray().Count);
            }
            return answers;
        }))];
        for (int i = 0; i < 6; i++)
        {
            await server.Models.LoadAsync("three", Shared.Golden(i % 2 == 0 ? "tiny_classifier" : TestServer.ModelName), OnCpu, Stop);
            await Task.Delay(100, Stop);
        }
        await ending.CancelAsync();
        int[] answered = await Task.WhenAll(clients);
        Assert.All(answered, count => Assert.True(count > 0));
        Assert.Equal([2, 3], sizes.Order());
        Assert.True(server.Models.TryAcquire("three", out SentimentModelLease? lease));
        Assert.Equal(7, lease.Version);
        lease.Dispose();
    }

    [Fact]
    public async Task A_model_in_use_is_unloaded_after_its_last_use()
    {
        await using TestServer server = await StartAsync();
        Assert.True(server.Models.TryAcquire("two", out SentimentModelLease? lease));
        Task<bool> unloading = server.Models.UnloadAsync("two", Stop);
        using (HttpResponseMessage gone = await server.PostAsync("/models/two/predict", Bueno))
            await TestServer.FaultAsync(gone, 404, "Validation");
        Assert.Equal(2, lease.Classifier.Classify("bueno").Labels.Count);
        Assert.False(unloading.IsCompleted);
        lease.Dispose();
        Assert.True(await unloading);
        Assert.False(await server.Models.UnloadAsync("two", Stop));
        Assert.True(await server.Models.UnloadAsync("three", Stop));
        using HttpResponseMessage none = await server.PostAsync("/predict", Bueno);
        await TestServer.FaultAsync(none, 503, "Unhealthy");
        using HttpResponseMessage health = await server.Client.GetAsync("/health", Stop);
        await TestServer.FaultAsync(health, 503, "Unhealthy");
    }

    [Fact]
    public async Task While_the_first_model_is_unloaded_no_other_answers_in_its_place()
    {
        await using TestServer server = await StartAsync(allowModelControl: true);
        await server.AnswerAsync("/v2/repository/models/three/unload", "{}");
        foreach ((string route, string body) in ((string, string)[])[("/predict", Bueno), ("/classify", """{"input": "bueno"}""")])
        {
            using HttpResponseMessage refused = await server.PostAsync(route, body);
            Assert.Contains("The model 'three', which answers requests that name none, is not loaded. Name another: two.",
                await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }
        Assert.Equal(2, (await server.AnswerAsync("/models/two/predict", Bueno)).AsArray().Count);
        await server.AnswerAsync("/v2/repository/models/three/load", "{}");
        Assert.Equal(3, (await server.AnswerAsync("/predict", Bueno)).AsArray().Count);
        Assert.Equal(["three", "two"], server.Models.Names);
    }

    [Fact]
    public async Task The_index_lists_those_alone_that_are_ready_when_asked_to()
    {
        await using TestServer server = await StartAsync(allowModelControl: true);
        await server.AnswerAsync("/v2/repository/models/two/unload", "{}");
        Assert.Single((await server.AnswerAsync("/v2/repository/index", """{"ready": true}""")).AsArray());
        Assert.Equal(2, (await server.AnswerAsync("/v2/repository/index", """{"ready": false}""")).AsArray().Count);
        using HttpResponseMessage empty = await server.Client.PostAsync("/v2/repository/index", null, Stop); // as Triton's client asks
        Assert.True(empty.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_leaves_the_one_before()
    {
        await using TestServer server = await StartAsync();
        await Assert.ThrowsAnyAsync<SentimentMLException>(() => server.Models.LoadAsync("two", "/no/such/model", OnCpu, Stop));
        await server.AnswerAsync("/models/two/predict", Bueno);
    }

    [Fact]
    public async Task Clients_load_and_unload_only_where_that_is_allowed()
    {
        await using (TestServer closed = await StartAsync())
        using (HttpResponseMessage refused = await closed.PostAsync("/v2/repository/models/two/unload", "{}"))
            await TestServer.FaultAsync(refused, 403, "Validation");
        await using TestServer server = await StartAsync(allowModelControl: true);
        await server.AnswerAsync("/v2/repository/models/two/unload", "{}");
        Assert.Equal("""[{"name":"three","version":"1","state":"READY"},{"name":"two","state":"UNAVAILABLE"}]""",
            (await server.AnswerAsync("/v2/repository/index", "{}")).ToJsonString());
        await server.AnswerAsync("/v2/repository/models/two/load", "{}");
        Assert.Equal("2", (await server.GetAsync("/v2/models/two"))["versions"]![0]!.ToString());
        using HttpResponseMessage unknown = await server.PostAsync("/v2/repository/models/%2e%2e%2fetc/load", "{}");
        await TestServer.FaultAsync(unknown, 404, "Validation");
    }

    private static Task<TestServer> StartAsync(bool allowModelControl = false) => TestServer.StartAsync(options =>
    {
        options.AllowModelControl = allowModelControl;
        options.AddModel("three", TestServer.ModelFolder, OnCpu);
        options.AddModel("two", cancellation => SentimentClassifier.Load(Shared.Golden("tiny_classifier"), OnCpu, cancellation));
    });
}
