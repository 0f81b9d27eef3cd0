using System.Text.Json.Nodes;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>The server's description of itself.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_is_OpenAPI_3_1_with_every_route_and_its_examples_are_answered()
    {
        await using TestServer server = await TestServer.StartAsync(
            options => options.AddModel("reviews", TestServer.ModelFolder, new SentimentClassifierOptions { Device = TorchDevice.Cpu }));
        JsonNode document = await server.GetAsync("/openapi.json");
        Assert.StartsWith("3.1", document["openapi"]!.ToString(), StringComparison.Ordinal);
        JsonObject paths = document["paths"]!.AsObject();
        foreach (string path in (
            string[])["/predict", "/", "/predict/file", "/explain", "/tokenize", "/info", "/health", "/metrics", "/classify", "/v2/models/{model}/infer",
            "/v2/repository/models/{model}/load"])
            Assert.True(paths.ContainsKey(path), $"{path} is not among {string.Join(", ", paths.Select(pair => pair.Key))}");
        int examples = 0;
        foreach ((string path, JsonNode? methods) in paths)
            foreach ((string method, JsonNode? operation) in methods!.AsObject())
            {
                Assert.False(string.IsNullOrEmpty(operation!["summary"]?.ToString()), $"{method} {path} has no summary");
                Assert.NotNull(operation["responses"]!["200"]);
                Assert.Equal(path.Split('{').Length - 1, operation["parameters"]?.AsArray().Count(parameter => parameter!["in"]!.ToString() == "path") ?? 0);
                JsonNode? content = operation["requestBody"]?["content"]?["application/json"];
                if (content is null)
                    continue;
                IEnumerable<JsonNode> bodies = content["examples"]?.AsObject().Select(pair => pair.Value!["value"]!) ?? [content["example"]!];
                foreach (JsonNode body in bodies)
                {
                    examples++;
                    await server.AnswerAsync(
                        path.Replace("{model}", "reviews", StringComparison.Ordinal).Replace("{version}", "1", StringComparison.Ordinal), body.ToJsonString());
                }
            }
        Assert.True(examples > 20, $"{examples} examples");
        Assert.Null(paths["/predict"]!["post"]!["security"]);
    }

    [Fact]
    public async Task With_a_key_the_document_says_so()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.ApiKey = "s3cret");
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", "s3cret");
        JsonNode paths = (await server.GetAsync("/openapi.json"))["paths"]!;
        Assert.NotNull(paths["/predict"]!["post"]!["security"]![0]!["bearer"]);
        Assert.NotNull(paths["/predict"]!["post"]!["responses"]!["401"]);
        Assert.Null(paths["/health"]!["get"]!["security"]);
    }
}
