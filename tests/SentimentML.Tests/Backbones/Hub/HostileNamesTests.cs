using System.Text;
using SentimentML.Backbones.Hub;

namespace SentimentML.Tests.Backbones.Hub;

public class HostileNamesTests
{
    [Theory]
    [InlineData("roberta-base")]
    [InlineData("PlanTL-GOB-ES/roberta-base-bne")]
    [InlineData("org/Name_1.0")]
    public void Ids_as_the_hub_has_them_are_taken(string id) =>
        Assert.Equal(id, HubReference.Parse(id).Id);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a/b/c")]
    [InlineData("../x")]
    [InlineData("org/..")]
    [InlineData("org/.hidden")]
    [InlineData("org/name.git")]
    [InlineData("org--x/name")]
    [InlineData("org/na me")]
    [InlineData("org/name\n")]
    [InlineData("org\\name")]
    [InlineData("C:name")]
    [InlineData("org/name?x=1")]
    [InlineData("/etc")]
    public void Ids_that_could_be_something_else_are_refused(string id) =>
        Assert.Contains("is not a model's id on the hub", Assert.Throws<ArgumentException>(nameof(id), () => HubReference.Parse(id)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("main")]
    [InlineData("v1.0-beta+2")]
    [InlineData("refs/pr/1")]
    [InlineData("feature/año")]
    public void Revisions_as_git_has_them_are_taken(string revision) =>
        Assert.Equal(revision, HubReference.Parse("org/name", revision).Revision);

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("refs/../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("refs//x")]
    [InlineData("refs/x/")]
    [InlineData(".hidden")]
    [InlineData("a\\b")]
    [InlineData("C:x")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("x.lock")]
    public void Revisions_that_could_be_a_way_out_are_refused(string revision) =>
        Assert.Contains("is not a revision", Assert.Throws<ArgumentException>(nameof(revision), () => HubReference.Parse("org/name", revision)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("../../../escaped.safetensors")]
    [InlineData("/tmp/escaped.safetensors")]
    [InlineData("sub/../../escaped.safetensors")]
    [InlineData("sub//escaped.safetensors")]
    [InlineData("a/b/c/d/escaped.safetensors")]
    [InlineData("..\\escaped.safetensors")]
    [InlineData("C:escaped.safetensors")]
    [InlineData(".escaped.safetensors")]
    [InlineData("config.json")]
    [InlineData("")]
    public async Task Shard_names_do_not_leave_the_folder(string shard)
    {
        await using TestHub hub = await TestHub.StartAsync("config.json", "tokenizer.json");
        hub.Files["model.safetensors.index.json"] = Encoding.UTF8.GetBytes(
            System.Text.Json.JsonSerializer.Serialize(new { weight_map = new Dictionary<string, string> { ["a"] = shard } }));

        var e = await Assert.ThrowsAsync<ModelFileException>(() => hub.DownloadAsync());

        Assert.Contains($"'{shard}' cannot be a shard", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(hub.Heads, target => target.Contains("escaped", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"weight_map\": 7}")]
    [InlineData("{\"weight_map\": {}}")]
    [InlineData("{\"weight_map\": {\"a\": 1}}")]
    public async Task An_index_that_is_none_is_an_error_that_names_it(string index)
    {
        await using TestHub hub = await TestHub.StartAsync("config.json", "tokenizer.json");
        hub.Files["model.safetensors.index.json"] = Encoding.UTF8.GetBytes(index);

        var e = await Assert.ThrowsAsync<ModelFileException>(() => hub.DownloadAsync());

        Assert.Contains("model.safetensors.index.json", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Repo-Commit", "../../../../escaped")]
    [InlineData("X-Repo-Commit", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ETag", "\"../../../escaped\"")]
    [InlineData("ETag", "\"..\"")]
    [InlineData("ETag", "\"a/b\"")]
    [InlineData("ETag", "\"\"")]
    [InlineData("X-Linked-Etag", "\"..\\escaped\"")]
    [InlineData("X-Linked-Size", "-1")]
    [InlineData("X-Linked-Size", "99999999999999999999")]
    [InlineData("X-Linked-Size", "1e3")]
    public async Task What_a_server_says_becomes_no_path(string header, string value)
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = context =>
        {
            context.Response.Headers["X-Repo-Commit"] = hub.Commit;
            context.Response.Headers.ETag = "\"tag\"";
            context.Response.ContentLength = 3;
            context.Response.Headers[header] = value;
            return Task.FromResult(true);
        };

        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync());

        Assert.Equal(HubFailure.NotAHub, e.Failure);
        Assert.False(Directory.Exists(hub.Cache), "nothing is written for such an answer");
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("http://[")]
    [InlineData(null)]
    public async Task A_redirect_stays_on_the_web(string? location)
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers["X-Repo-Commit"] = hub.Commit;
            context.Response.Headers["X-Linked-Etag"] = "\"tag\"";
            context.Response.Headers["X-Linked-Size"] = "3";
            context.Response.Headers.Location = location;
            return Task.FromResult(true);
        };

        Assert.Equal(HubFailure.NotAHub, (await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync())).Failure);
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = context =>
        {
            context.Response.Redirect(TestServer.TargetOf(context));
            return Task.FromResult(true);
        };

        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync());

        Assert.Contains("redirected more than 10 times", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ref_that_is_no_commit_is_not_followed()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string folder = await hub.DownloadAsync();
        File.WriteAllText(Path.Combine(hub.Model, "refs", "main"), "../snapshots/" + Path.GetFileName(folder));

        await Assert.ThrowsAsync<HubException>(() => hub.Client(offline: true).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));
    }
}
