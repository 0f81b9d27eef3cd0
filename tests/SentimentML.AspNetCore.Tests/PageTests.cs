using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using SentimentML.AspNetCore.Page;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>The page's files over HTTP.</summary>
public sealed class PageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_file_comes_with_its_type_and_a_policy_that_forbids_other_hosts_and_inline_scripts()
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach (PageAsset asset in PageAsset.All)
        {
            using HttpResponseMessage response = await server.Client.GetAsync(AddressOf(asset), Stop);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            string policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
            Assert.Equal(Path.GetExtension(
                asset.Name) switch { ".html" => "text/html", ".css" => "text/css", ".svg" => "image/svg+xml", _ => "text/javascript" },
                response.Content.Headers.ContentType!.MediaType);
        }
        Assert.InRange(PageAsset.All.Sum(asset => asset.Length), 1, 60_000);
    }

    [Fact]
    public async Task A_browser_that_has_a_file_is_answered_304_without_it()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage first = await server.Client.GetAsync("/", Stop);
        Assert.True(first.Headers.CacheControl!.NoCache);
        EntityTagHeaderValue tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.IfNoneMatch.Add(tag);
        using HttpResponseMessage second = await server.Client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(Stop));
        using HttpResponseMessage head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/page/main.js"), Stop);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 1000, $"{head.Content.Headers.ContentLength} bytes");
    }

    [Fact]
    public async Task It_stands_beside_the_prediction_route_and_needs_no_key()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.ApiKey = "s3cret");
        Assert.Contains("<html", await server.Client.GetStringAsync("/", Stop), StringComparison.Ordinal);
        using HttpResponseMessage refused = await server.PostAsync("/", """{"inputs": "bueno"}""");
        await TestServer.FaultAsync(refused, 401, "Unauthorized");
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", "s3cret");
        Assert.Equal(3, (await server.AnswerAsync("/", """{"inputs": "bueno"}""")).AsArray().Count);
    }

    [Fact]
    public async Task A_host_that_does_not_map_it_keeps_the_address_for_a_page_of_its_own()
    {
        await using TestServer server = await TestServer.StartAsync(map: app =>
        {
            app.MapSentimentClassifier();
            app.MapGet("/", () => "a host's own page");
        });
        Assert.Equal("a host's own page", await server.Client.GetStringAsync("/", Stop));
        using HttpResponseMessage none = await server.Client.GetAsync("/page/main.js", Stop);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Of_a_group_it_is_the_folder_and_its_description_stays_out_of_the_document()
    {
        await using TestServer server = await TestServer.StartAsync(map: app =>
        {
            RouteGroupBuilder group = app.MapGroup("/sentiment");
            group.MapSentimentClassifier();
            group.MapSentimentPage();
        });
        using HttpResponseMessage response = await server.Client.GetAsync("/sentiment?x=1", Stop);
        Assert.Equal("/sentiment/?x=1", response.RequestMessage!.RequestUri!.PathAndQuery); // where the client was sent
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/sentiment/page/main.js", Stop)).StatusCode);
        Assert.DoesNotContain("page", (await server.GetAsync("/sentiment/openapi.json"))["paths"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static string AddressOf(PageAsset asset) => asset.Name == "page.html" ? "/" : $"/page/{asset.Name}";
}
