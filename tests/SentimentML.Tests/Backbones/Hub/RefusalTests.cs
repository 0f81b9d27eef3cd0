using SentimentML.Backbones.Hub;

namespace SentimentML.Tests.Backbones.Hub;

public class RefusalTests
{
    [Theory]
    [InlineData(401, null, true, nameof(HubFailure.Unauthorized), "a token from HF_TOKEN was sent: it may be wrong")]
    [InlineData(401, null, false, nameof(HubFailure.Unauthorized), "no token was sent: set HF_TOKEN")]
    [InlineData(403, null, true, nameof(HubFailure.Unauthorized), "HF_TOKEN")]
    [InlineData(401, "GatedRepo", false, nameof(HubFailure.Gated), "is gated. Accept its licence at http://127.0.0.1")]
    [InlineData(403, "GatedRepo", true, nameof(HubFailure.Gated), "is gated. Accept its licence at http://127.0.0.1")]
    [InlineData(401, "RepoNotFound", false, nameof(HubFailure.RepositoryNotFound), "Check the name; for a private model set HF_TOKEN")]
    [InlineData(404, "RepoNotFound", true, nameof(HubFailure.RepositoryNotFound), "Check the name; for a private model set HF_TOKEN")]
    [InlineData(404, "RevisionNotFound", true, nameof(HubFailure.RevisionNotFound), "has no revision 'main'. Check the branch, tag or commit")]
    [InlineData(404, "EntryNotFound", true, nameof(HubFailure.NotABackbone), "has no config.json, so it is not a backbone that can be loaded. "
        + "Name a model in the layout of Hugging Face transformers, or a revision that has the file. "
        + "It is no adapter either (adapter_config.json, with adapter_model.safetensors or adapter_model.bin).")]
    [InlineData(404, null, true, nameof(HubFailure.RepositoryNotFound), "Check the name, the revision, and HF_ENDPOINT")]
    [InlineData(418, null, true, nameof(HubFailure.NotAHub), "A hub does not answer so")]
    public async Task A_refusal_says_what_to_do(int status, string? code, bool withToken, string failure, string expected)
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = context => TestHub.RefuseAsync(context, status, code, "The server's words");
        var client = new HubClient(hub.Settings(token: withToken ? TestHub.Token : null));

        var e = await Assert.ThrowsAsync<HubException>(() => client.DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(failure, e.Failure.ToString());
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.True(code == "EntryNotFound" || e.Message.Contains($"status {status}, \"The server's words\".", StringComparison.Ordinal), e.Message);
        Assert.Contains("'org/tiny'", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(TestHub.Token, e.Message, StringComparison.Ordinal);
        Assert.Equal(code == "EntryNotFound" ? ["config.json", "adapter_config.json"] : ["config.json"],
            hub.Server.Requests.Select(request => request.Target.Split('/')[^1]));
        Assert.Empty(hub.Pauses);
        Assert.False(Directory.Exists(hub.Model), "a refusal leaves nothing in the cache");
    }

    [Fact]
    public async Task A_model_that_does_not_exist_is_named()
    {
        await using TestHub hub = await TestHub.StartAsync();

        var e = await Assert.ThrowsAsync<HubException>(() => hub.Client().DownloadAsync("org/other", cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(HubFailure.RepositoryNotFound, e.Failure);
        Assert.Contains("The hub shows no model 'org/other' (revision main)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_that_does_not_exist_is_named()
    {
        await using TestHub hub = await TestHub.StartAsync();

        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync("v2"));

        Assert.Contains("The model 'org/tiny' has no revision 'v2'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bare_404_after_the_first_file_means_that_file()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = context => context.Request.Path.Value!.EndsWith("added_tokens.json", StringComparison.Ordinal)
            ? TestHub.RefuseAsync(context, 404)
            : Task.FromResult(false);

        await hub.DownloadAsync();

        Assert.True(File.Exists(Path.Combine(hub.Model, ".no_exist", hub.Commit, "added_tokens.json")));
    }

    [Fact]
    public async Task A_proxys_page_is_not_taken_for_a_hub()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = context =>
        {
            context.Response.Headers.ETag = "\"page\"";
            context.Response.ContentLength = 0;
            return Task.FromResult(true);
        };

        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync());

        Assert.Equal(HubFailure.NotAHub, e.Failure);
        Assert.Contains("the answer has no X-Repo-Commit, so it does not come from a hub", e.Message, StringComparison.Ordinal);
        Assert.Contains("Three ways on", e.Message, StringComparison.Ordinal);
    }
}
