using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

public sealed class InfoTests(TrainedModel model)
{
    [Fact]
    public async Task It_says_what_runs_here_and_what_a_model_is()
    {
        using var folder = new TemporaryFolder();
        JsonNode info = (await ToolProcess.RunAsync(folder, "info", "--model", model.Path, "--device", "cpu", "--json")).Expect(0).Json;
        foreach (string fact in (string[])["sentimentml", "dotnet", "mlnet", "torchsharp", "system", "hub", "hub_cache", "native_cache"])
            Assert.False(string.IsNullOrEmpty(info[fact]!.ToString()), fact);
        Assert.StartsWith("2.10", info["libtorch"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("cpu", info["device"]!.ToString());
        Assert.True((int)info["threads"]! > 0);
        Assert.Equal(["negative", "positive"], info["model"]!["labels"]!.AsArray().Select(label => label!.ToString()));
        Assert.Equal(TrainedModel.Rows, (int)info["model"]!["training"]!["rows"]!);
        Assert.Equal(TestFiles.TinyBackbone, info["model"]!["backbone"]!.ToString());
        Assert.Null(info["model"]!["fault"]);
        Assert.Empty(info["model"]!["unused_weights"]!.AsArray());
    }

    [Fact]
    public async Task It_says_why_a_model_cannot_answer()
    {
        using var folder = new TemporaryFolder();
        JsonNode facts = (await ToolProcess.RunAsync(folder, "info", "--model", TestFiles.TinyBackbone, "--json")).Expect(0).Json["model"]!;
        Assert.Contains("has no trained classifier for its 2 labels", facts["fault"]!.ToString(), StringComparison.Ordinal);
        Assert.Null(facts["engine"]);
    }

    [Fact]
    public async Task People_get_lines()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("libtorch", (await ToolProcess.RunAsync(folder, "info")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_prints_the_folder_that_holds_the_backbone()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(TestFiles.TinyBackbone, (await ToolProcess.RunAsync(folder, "download", "--backbone", TestFiles.TinyBackbone)).Expect(0).Output.Trim());
    }
}
