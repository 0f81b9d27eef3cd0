using SentimentML.Backbones.Hub;

namespace SentimentML.Tests.Backbones.Hub;

public class DownloadTests
{
    private static readonly string[] Whole = ["config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "model.safetensors"];

    [Fact]
    public async Task A_model_is_asked_for_as_the_reference_client_asks()
    {
        await using TestHub hub = await TestHub.StartAsync();

        string folder = await hub.DownloadAsync();

        hub.AssertHolds(folder, Whole);
        Assert.Equal(
            [
                "HEAD /org/tiny/resolve/main/config.json", "GET /org/tiny/resolve/main/config.json",
                "HEAD /org/tiny/resolve/main/tokenizer.json", "GET /org/tiny/resolve/main/tokenizer.json",
                "HEAD /org/tiny/resolve/main/tokenizer_config.json", "GET /org/tiny/resolve/main/tokenizer_config.json",
                "HEAD /org/tiny/resolve/main/special_tokens_map.json", "GET /org/tiny/resolve/main/special_tokens_map.json",
                "HEAD /org/tiny/resolve/main/added_tokens.json",
                "HEAD /org/tiny/resolve/main/sentimentml.json",
                "HEAD /org/tiny/resolve/main/README.md",
                "HEAD /org/tiny/resolve/main/modules.json",
                "HEAD /org/tiny/resolve/main/model.safetensors",
            ],
            hub.Server.Requests.Select(r => r.ToString()));
        Assert.Equal(["GET /store/model.safetensors?Signature=secret-signature"], hub.Cdn.Requests.Select(r => r.ToString()));
        Assert.All(hub.Server.Requests, r => Assert.Equal("identity", r.AcceptEncoding));
        Assert.All(hub.Server.Requests, r => Assert.StartsWith("SentimentML/", r.UserAgent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_never_to_the_store_behind_it()
    {
        await using TestHub hub = await TestHub.StartAsync();

        await hub.DownloadAsync();

        Assert.All(hub.Server.Requests, r => Assert.Equal("Bearer " + TestHub.Token, r.Authorization));
        Assert.NotEmpty(hub.Cdn.Requests);
        Assert.All(hub.Cdn.Requests, r => Assert.Null(r.Authorization));
    }

    [Fact]
    public async Task The_token_is_left_behind_when_only_the_fetching_is_redirected()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = context =>
        {
            if (context.Request.Method != "GET" || !context.Request.Path.Value!.EndsWith("/config.json", StringComparison.Ordinal))
                return Task.FromResult(false);
            context.Response.Redirect($"{hub.Cdn.Address}store/config.json");
            return Task.FromResult(true);
        };

        hub.AssertHolds(await hub.DownloadAsync(), Whole);

        Assert.Contains(hub.Cdn.Requests, r => r.Target == "/store/config.json");
        Assert.All(hub.Cdn.Requests, r => Assert.Null(r.Authorization));
    }

    [Fact]
    public async Task Without_a_token_no_authorization_is_sent()
    {
        await using TestHub hub = await TestHub.StartAsync();

        await new HubClient(hub.Settings(token: null)).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken);

        Assert.All(hub.Server.Requests, r => Assert.Null(r.Authorization));
    }

    [Fact]
    public async Task The_cache_is_laid_out_as_the_reference_lays_it_out()
    {
        await using TestHub hub = await TestHub.StartAsync();

        string folder = await hub.DownloadAsync();

        Assert.Equal(Path.Combine(hub.Model, "snapshots", hub.Commit), folder);
        Assert.Equal(hub.Commit, File.ReadAllText(Path.Combine(hub.Model, "refs", "main")));
        Assert.Equal(0, new FileInfo(Path.Combine(hub.Model, ".no_exist", hub.Commit, "added_tokens.json")).Length);
        Assert.StartsWith("Signature: 8a477f597d28d172789f06886806bc55\n", File.ReadAllText(Path.Combine(hub.Cache, "CACHEDIR.TAG")), StringComparison.Ordinal);
        Assert.Equal(Whole.Select(hub.TagOf).Order(), Directory.GetFiles(Path.Combine(hub.Model, "blobs")).Select(Path.GetFileName).Order()!);
        foreach (string file in Whole)
        {
            string tag = hub.TagOf(file);
            Assert.Equal(hub.Files[file], File.ReadAllBytes(Path.Combine(hub.Model, "blobs", tag)));
            Assert.Equal(Path.Combine("..", "..", "blobs", tag), new FileInfo(Path.Combine(folder, file)).LinkTarget);
            Assert.True(File.Exists(Path.Combine(hub.Cache, ".locks", "models--org--tiny", tag + ".lock")), $"no lock for {file}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Shards_in_a_folder_come_into_that_folder(bool links)
    {
        await using TestHub hub = await TestHub.StartAsync("config.json", "tokenizer.json");
        hub.Files["model.safetensors.index.json"] = """{"weight_map": {"a": "weights/1-of-1.safetensors"}}"""u8.ToArray();
        hub.Files["weights/1-of-1.safetensors"] = File.ReadAllBytes(Infrastructure.Shared.Golden("tiny_mlm", "model.safetensors"));

        string folder = await new HubClient(hub.Settings(useLinks: links)).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken);

        hub.AssertHolds(folder, "config.json", "tokenizer.json", "model.safetensors.index.json", "weights/1-of-1.safetensors");
        Assert.Contains("HEAD /org/tiny/resolve/main/weights/1-of-1.safetensors", hub.Server.Requests.Select(r => r.ToString()));
        Assert.Equal(folder, await hub.Client(offline: true).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_sentence_transformers_says_of_its_vectors_comes_along()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Files["modules.json"] = """
            [{"path": "", "type": "sentence_transformers.models.Transformer"}, {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
             {"path": "../outside", "type": "sentence_transformers.models.Pooling"}]
            """u8.ToArray();
        hub.Files["1_Pooling/config.json"] = """{"pooling_mode_cls_token": true}"""u8.ToArray();
        hub.Files["sentence_bert_config.json"] = """{"max_seq_length": 128}"""u8.ToArray();

        string folder = await hub.DownloadAsync();

        hub.AssertHolds(folder, [.. Whole, "modules.json", "1_Pooling/config.json", "sentence_bert_config.json"]);
        Assert.DoesNotContain(hub.Heads, target => target.Contains("outside", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_links_are_not_allowed_the_snapshot_holds_copies()
    {
        await using TestHub hub = await TestHub.StartAsync();

        string folder = await new HubClient(hub.Settings(useLinks: false)).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken);

        hub.AssertHolds(folder, Whole);
        Assert.All(Whole, file => Assert.Null(new FileInfo(Path.Combine(folder, file)).LinkTarget));
    }

    [Fact]
    public async Task A_second_download_asks_once_and_fetches_nothing()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string first = await hub.DownloadAsync();
        hub.ForgetRequests();

        Assert.Equal(first, await hub.DownloadAsync());

        Assert.Equal(["HEAD /org/tiny/resolve/main/config.json"], hub.Server.Requests.Select(r => r.ToString()));
        Assert.Empty(hub.Cdn.Requests);
    }

    [Fact]
    public async Task A_cached_commit_is_used_without_any_request()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string first = await hub.DownloadAsync(hub.Commit);
        hub.ForgetRequests();

        Assert.Equal(first, await hub.DownloadAsync(hub.Commit));

        Assert.Empty(hub.Server.Requests);
        Assert.False(Directory.Exists(Path.Combine(hub.Model, "refs")), "a commit needs no ref");
    }

    [Fact]
    public async Task A_new_commit_fetches_only_what_changed()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string old = await hub.DownloadAsync();
        hub.ForgetRequests();
        hub.Commit = new string('b', 40);
        hub.Files["config.json"] = [.. hub.Files["config.json"], (byte)'\n'];

        string folder = await hub.DownloadAsync();

        Assert.NotEqual(old, folder);
        hub.AssertHolds(folder, Whole);
        Assert.Equal(["GET /org/tiny/resolve/main/config.json"], hub.Gets);
        Assert.Equal(hub.Commit, File.ReadAllText(Path.Combine(hub.Model, "refs", "main")));
    }

    [Fact]
    public async Task A_branch_that_moves_on_the_way_ends_in_one_commits_files()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = context =>
        {
            if (context.Request.Path.Value!.EndsWith("model.safetensors", StringComparison.Ordinal))
                hub.Commit = new string('b', 40);
            return Task.FromResult(false);
        };

        string folder = await hub.DownloadAsync();

        Assert.Equal(Path.Combine(hub.Model, "snapshots", new string('b', 40)), folder);
        hub.AssertHolds(folder, Whole);
    }

    [Fact]
    public async Task A_branch_that_moves_between_an_answer_and_its_bytes_is_no_damage()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string next = new('b', 40);
        hub.Server.Fault = context =>
        {
            if (hub.Commit != next && context.Request.Method == "GET"
                && context.Request.Path.Value!.EndsWith("/tokenizer_config.json", StringComparison.Ordinal))
            {
                hub.Commit = next;
                hub.Files["tokenizer_config.json"] = [.. hub.Files["tokenizer_config.json"], (byte)'\n'];
            }
            return Task.FromResult(false);
        };

        string folder = await hub.DownloadAsync();

        Assert.Equal(Path.Combine(hub.Model, "snapshots", next), folder);
        hub.AssertHolds(folder, Whole);
    }

    [Fact]
    public async Task A_pull_requests_revision_is_escaped_in_the_address_and_a_folder_in_the_cache()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Revisions.Add("refs/pr/1");

        hub.AssertHolds(await hub.DownloadAsync("refs/pr/1"), Whole);

        Assert.All(hub.Heads, target => Assert.StartsWith("/org/tiny/resolve/refs%2Fpr%2F1/", target, StringComparison.Ordinal));
        Assert.Equal(hub.Commit, File.ReadAllText(Path.Combine(hub.Model, "refs", "refs", "pr", "1")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_renamed_model_is_followed_inside_the_hub(bool absolute)
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = context =>
        {
            string target = TestServer.TargetOf(context);
            if (!target.StartsWith("/old/name/", StringComparison.Ordinal))
                return Task.FromResult(false);
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = (absolute ? hub.Server.Address.AbsoluteUri.TrimEnd('/') : "")
                + target.Replace("/old/name/", "/org/tiny/", StringComparison.Ordinal);
            return Task.FromResult(true);
        };

        string folder = await hub.Client().DownloadAsync("old/name", cancellation: TestContext.Current.CancellationToken);

        hub.AssertHolds(folder, Whole);
        Assert.Equal(Path.Combine(hub.Cache, "models--old--name", "snapshots", hub.Commit), folder);
    }

    [Fact]
    public async Task Vocabulary_and_merges_are_fetched_where_there_is_no_tokenizer_json()
    {
        await using TestHub hub = await TestHub.StartAsync("config.json", "vocab.json", "merges.txt", "pytorch_model.bin");

        hub.AssertHolds(await hub.DownloadAsync(), "config.json", "vocab.json", "merges.txt", "pytorch_model.bin");
    }

    [Fact]
    public async Task Nothing_that_a_backbone_does_not_need_is_fetched()
    {
        await using TestHub hub = await TestHub.StartAsync([.. Whole, "vocab.json", "merges.txt", "pytorch_model.bin", "keys.json"]);

        hub.AssertHolds(await hub.DownloadAsync(), Whole);
    }

    [Theory]
    [InlineData("model", ".safetensors", "model.safetensors.index.json")]
    [InlineData("pytorch_model", ".bin", "pytorch_model.bin.index.json")]
    public async Task Shards_are_fetched_by_their_index(string name, string extension, string index)
    {
        await using TestHub hub = await TestHub.StartAsync("config.json", "tokenizer.json");
        hub.Serve("tiny_mlm_sharded", "model.safetensors.index.json", "model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
            "model-00003-of-00003.safetensors");
        foreach (string file in hub.Files.Keys.Where(file => file.StartsWith("model", StringComparison.Ordinal)).ToArray())
        {
            hub.Files.Remove(file, out byte[]? content);
            string text = System.Text.Encoding.Latin1.GetString(content!);
            if (file.EndsWith(".json", StringComparison.Ordinal))
                content = System.Text.Encoding.Latin1.GetBytes(
                    text.Replace("\"model-", $"\"{name}-", StringComparison.Ordinal).Replace(".safetensors\"", extension + "\"", StringComparison.Ordinal));
            hub.Files[file.Replace("model", name, StringComparison.Ordinal).Replace(".safetensors", extension, StringComparison.Ordinal)] = content!;
        }

        string folder = await hub.DownloadAsync();

        hub.AssertHolds(folder, "config.json", "tokenizer.json", index,
            $"{name}-00001-of-00003{extension}", $"{name}-00002-of-00003{extension}", $"{name}-00003-of-00003{extension}");
    }

    [Fact]
    public async Task A_mirrors_tag_that_is_no_hash_names_the_blob()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/config.json", StringComparison.Ordinal))
                return false;
            context.Response.Headers["X-Repo-Commit"] = hub.Commit;
            context.Response.Headers.ETag = "W/\"66f1a2b3-2a1\"";
            context.Response.ContentLength = hub.Files["config.json"].Length;
            if (context.Request.Method == "GET")
                await TestHub.WriteAsync(context, hub.Files["config.json"]);
            return true;
        };

        hub.AssertHolds(await hub.DownloadAsync(), Whole);

        Assert.True(File.Exists(Path.Combine(hub.Model, "blobs", "66f1a2b3-2a1")));
    }

    [Fact]
    public async Task A_repository_without_weights_is_refused_with_what_is_missing()
    {
        await using TestHub hub = await TestHub.StartAsync("config.json", "tokenizer.json");

        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync());

        Assert.Equal(HubFailure.NotABackbone, e.Failure);
        Assert.Contains("'org/tiny' (revision main)", e.Message, StringComparison.Ordinal);
        Assert.Contains("has no weights (model.safetensors or pytorch_model.bin", e.Message, StringComparison.Ordinal);
    }

    /// <summary>As peft saves an adapter: without a model's configuration and weights.</summary>
    [Theory]
    [InlineData("adapter_model.safetensors")]
    [InlineData("adapter_model.bin")]
    public async Task A_repository_that_holds_an_adapter_alone_is_fetched_with_what_else_it_has(string weights)
    {
        await using TestHub hub = await TestHub.StartAsync("tokenizer.json");
        hub.Files["adapter_config.json"] = """{"peft_type": "LORA", "base_model_name_or_path": "org/base"}"""u8.ToArray();
        hub.Files[weights] = [1, 2, 3];
        hub.Files["optimizer.pt"] = [4];
        string folder = await hub.DownloadAsync();
        hub.AssertHolds(folder, "adapter_config.json", "tokenizer.json", weights);

        hub.ForgetRequests();
        Assert.Equal(folder, await hub.Client(offline: true).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));
        Assert.Empty(hub.Server.Requests);
        Assert.Equal(folder, await hub.DownloadAsync(hub.Commit)); // what is known of a commit is not asked again
        Assert.Empty(hub.Server.Requests);
    }

    [Fact]
    public async Task An_adapter_beside_a_configuration_without_weights_is_fetched_too()
    {
        await using TestHub hub = await TestHub.StartAsync("config.json", "tokenizer.json");
        hub.Files["adapter_config.json"] = "{}"u8.ToArray();
        hub.Files["adapter_model.safetensors"] = [1];
        hub.AssertHolds(await hub.DownloadAsync(), "adapter_config.json", "adapter_model.safetensors", "config.json", "tokenizer.json");
    }

    [Fact]
    public async Task An_adapter_without_its_weights_is_refused()
    {
        await using TestHub hub = await TestHub.StartAsync("tokenizer.json");
        hub.Files["adapter_config.json"] = "{}"u8.ToArray();
        Assert.Equal(HubFailure.NotABackbone, (await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync())).Failure);
    }

    [Fact]
    public async Task Progress_tells_bytes_total_speed_and_time_left()
    {
        await using TestHub hub = await TestHub.StartAsync();
        var reports = new List<HubProgress>();

        await hub.DownloadAsync(progress: new Listener(reports.Add));

        HubProgress[] weights = [.. reports.Where(r => r.File == "model.safetensors")];
        Assert.Equal(0, weights[0].Bytes);
        Assert.Null(weights[0].TimeLeft);
        HubProgress last = weights[^1];
        Assert.Equal(hub.Files["model.safetensors"].Length, last.Bytes);
        Assert.Equal(last.Bytes, last.TotalBytes);
        Assert.True(last.BytesPerSecond > 0, "no speed at the end");
        Assert.Equal(TimeSpan.Zero, last.TimeLeft);
    }

    [Fact]
    public async Task The_blocking_entry_gives_the_same_folder()
    {
        await using TestHub hub = await TestHub.StartAsync();

        hub.AssertHolds(hub.Client().Download(TestHub.Id, cancellation: TestContext.Current.CancellationToken), Whole);
    }

    private sealed class Listener(Action<HubProgress> listen) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => listen(value);
    }
}
