using Microsoft.AspNetCore.Http;

namespace SentimentML.Tests.Backbones.Hub;

/// <summary>Mirrors that serve a hub's files without saying which commit they are of, and without checksums.</summary>
public class MirrorTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task A_fixed_revision_needs_no_commit_and_no_ETag_of_a_mirror(bool hidesTags, bool redirects)
    {
        await using TestHub hub = await Mirror(hidesTags, redirects);
        string folder = await hub.DownloadAsync(hub.Commit);
        Assert.Equal(Path.Combine(hub.Model, "snapshots", hub.Commit), folder);
        hub.AssertHolds(folder, [.. hub.Files.Keys]);
        string warning = Assert.Single(hub.Warnings);
        Assert.Contains($"does not confirm (no X-Repo-Commit) that its files are those of commit {hub.Commit}", warning, StringComparison.Ordinal);
        Assert.Equal(hidesTags, warning.Contains("It gives no ETag: what is downloaded is checked by its length alone", StringComparison.Ordinal));

        hub.ForgetRequests();
        Assert.Equal(folder, await hub.DownloadAsync(hub.Commit));
        Assert.Empty(hub.Gets); // it is whole, and never changes
    }

    [Fact]
    public async Task A_branch_is_kept_by_its_files_contents_with_a_warning()
    {
        await using TestHub hub = await Mirror(hidesTags: false, redirects: false);
        string first = await hub.DownloadAsync();
        hub.AssertHolds(first, [.. hub.Files.Keys]);
        Assert.Contains("does not say (no X-Repo-Commit) which commit 'main' is", Assert.Single(hub.Warnings), StringComparison.Ordinal);
        Assert.Equal(first, await hub.DownloadAsync());

        hub.Files["model.safetensors"] = [.. hub.Files["model.safetensors"].Reverse()];
        string second = await hub.DownloadAsync();
        Assert.NotEqual(first, second);
        hub.AssertHolds(second, [.. hub.Files.Keys]);
        Assert.Equal(second, await hub.Client(offline: true).DownloadAsync(TestHub.Id, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_branch_without_commit_and_ETag_is_refused_and_says_what_to_name()
    {
        await using TestHub hub = await Mirror(hidesTags: true, redirects: false);
        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync());
        Assert.Equal(HubFailure.NotAHub, e.Failure);
        Assert.Contains("the answer has no X-Repo-Commit and no ETag", e.Message, StringComparison.Ordinal);
        Assert.Contains("name a commit of 40 hexadecimal digits as revision", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(hub.Model), "a refusal leaves nothing in the cache");
    }

    [Theory]
    [InlineData("main")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_web_page_is_not_a_model(string revision)
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = async context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.ETag = "\"page\"";
            context.Response.ContentLength = 11;
            if (context.Request.Method == "GET")
                await context.Response.WriteAsync("<p>Login</p"[..11], TestContext.Current.CancellationToken);
            return true;
        };
        var e = await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync(revision));
        Assert.Contains("the answer is a web page, so it does not come from a hub", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(hub.Model), "a refusal leaves nothing in the cache");
    }

    [Fact]
    public async Task A_hub_that_named_its_commit_has_to_go_on_naming_it()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = context =>
        {
            if (!context.Request.Path.Value!.EndsWith("config.json", StringComparison.Ordinal))
                Hide(context, "X-Repo-Commit");
            return Task.FromResult(false);
        };
        await Assert.ThrowsAsync<HubException>(() => hub.DownloadAsync());
    }

    private static async Task<TestHub> Mirror(bool hidesTags, bool redirects)
    {
        TestHub hub = await TestHub.StartAsync();
        hub.Server.Fault = async context =>
        {
            Hide(context, "X-Repo-Commit", "X-Error-Code", "X-Linked-Size");
            if (hidesTags)
                Hide(context, "ETag", "X-Linked-Etag");
            string file = context.Request.Path.Value!.Split('/')[^1];
            if (redirects || !TestHub.IsLarge(file) || !hub.Files.TryGetValue(file, out byte[]? content))
                return false;
            context.Response.Headers.ETag = $"\"{hub.TagOf(file)}\"";
            context.Response.ContentLength = content.Length;
            if (context.Request.Method == "GET")
                await TestHub.WriteAsync(context, content);
            return true;
        };
        return hub;
    }

    /// <summary>Takes headers away as the answer leaves.</summary>
    private static void Hide(HttpContext context, params string[] headers) => context.Response.OnStarting(() =>
    {
        foreach (string header in headers)
            context.Response.Headers.Remove(header);
        return Task.CompletedTask;
    });
}
