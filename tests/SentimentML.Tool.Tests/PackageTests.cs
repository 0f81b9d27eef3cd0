using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>The packages as their users get them: from a feed, into a project and onto a command line that know nothing of this repository.</summary>
[Trait("Category", "Package")]
public sealed partial class PackageTests(PackedFeed feed) : IClassFixture<PackedFeed>
{
    private const int TrainingRows = 48;

    [Theory]
    [InlineData(0, "(?m)^positive 0[.,]")] // the ready model
    [InlineData(1, "(?ms)^accuracy .*^(negative|positive) ")] // a training
    public async Task A_fresh_project_compiles_and_runs_the_readmes_code(int number, string expected)
    {
        string readme = Path.Combine(PackedFeed.Repository, "README.md");
        Assert.SkipUnless(File.Exists(readme), "there is no README.md");
        MatchCollection blocks = CodeBlock().Matches(await File.ReadAllTextAsync(readme, TestContext.Current.CancellationToken));
        Assert.True(blocks.Count > number, $"README.md has {blocks.Count} C# blocks");
        Match block = blocks[number];

        using var project = new TemporaryFolder();
        string code = block.Groups["code"].Value;
        string[] files = [.. LoadedFile().Matches(code).Select(match => match.Groups["path"].Value)];
        foreach ((string file, int place) in files.Select((file, place) => (file, place)))
            project.With(file, TestFiles.Head(place == 0 ? TestFiles.Train : TestFiles.Validation, TrainingRows));
        project.With("Program.cs", code)
            .With("nuget.config", feed.Configuration)
            .With("Fresh.csproj", $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <Nullable>enable</Nullable>
                    <RuntimeIdentifier>$(NETCoreSdkRuntimeIdentifier)</RuntimeIdentifier>
                    <SelfContained>false</SelfContained>
                    <CreateHardLinksForCopyFilesToOutputDirectoryIfPossible>true</CreateHardLinksForCopyFilesToOutputDirectoryIfPossible>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="SentimentML" Version="{feed.Version}" />
                    <PackageReference Include="SentimentML.SpanishSmall" Version="{feed.Version}" />
                    <PackageReference Include="TorchSharp-cpu" Version="0.107.0" />
                  </ItemGroup>
                </Project>
                """);
        ToolResult run = (await feed.DotnetAsync(project.Path, "run")).Expect(0);
        Assert.Matches(expected, run.Output);
    }

    [Fact]
    public void Every_package_is_small_enough_to_travel_and_brings_readme_and_licence()
    {
        foreach ((string id, long most) in ((string, long)[])[("SentimentML", 2_000_000), ("SentimentML.SpanishSmall", 25_000_000), ("SentimentML.SpanishMini", 20_000_000), ("SentimentML.Tool", 80_000_000)])
        {
            (IReadOnlyList<string> entries, string specification) = feed.Open(id);
            Assert.Contains("README.md", entries);
            Assert.Contains("Apache-2.0", specification, StringComparison.Ordinal);
            Assert.Contains("<tags>", specification, StringComparison.Ordinal);
            Assert.DoesNotContain(entries, entry => Path.GetFileName(entry).Contains("torch_cpu", StringComparison.Ordinal));
            Assert.InRange(feed.Size(id), 1, most);
            Assert.True(File.Exists(feed.PathOf(id, "snupkg")), $"{id} has no symbols");
        }
    }

    /// <summary>No version that is pinned for this repository's own sake, and no drawing or exporting for those who do neither.</summary>
    [Theory]
    [InlineData("SentimentML", "CsvHelper", "Microsoft.Extensions.AI.Abstractions", "Microsoft.ML", "Microsoft.ML.Tokenizers", "MiniExcel", "Parquet.Net", "SharpCompress", "System.Numerics.Tensors", "TorchSharp", "UTF.Unknown", "ZstdSharp.Port")]
    [InlineData("SentimentML.SpanishSmall", "SentimentML")]
    [InlineData("SentimentML.SpanishMini", "SentimentML")]
    [InlineData("SentimentML.Onnx", "Google.Protobuf", "Microsoft.ML.OnnxRuntime.Managed", "SentimentML", "System.Numerics.Tensors")]
    [InlineData("SentimentML.Baselines", "Microsoft.ML", "Microsoft.ML.FastTree", "SentimentML")]
    [InlineData("SentimentML.Reporting", "ScottPlot", "SentimentML")]
    [InlineData("SentimentML.AspNetCore", "Microsoft.AspNetCore.OpenApi", "SentimentML")]
    public void A_package_depends_on_what_its_users_need_and_on_nothing_else(string id, params string[] expected) =>
        Assert.Equal(expected, Dependency().Matches(feed.Open(id).Specification).Select(match => match.Groups["id"].Value).Order(StringComparer.Ordinal));

    [Fact]
    public async Task The_tool_is_installed_and_finds_libtorch_in_NuGets_cache()
    {
        using var folder = new TemporaryFolder();
        folder.With("nuget.config", feed.Configuration).With("texts.csv", "text\nbueno\n");
        (await feed.DotnetAsync(folder.Path, "tool", "install", "SentimentML.Tool", "--version", feed.Version, "--tool-path", "tool")).Expect(0);
        string tool = folder.At(OperatingSystem.IsWindows() ? "tool/sentimentml.exe" : "tool/sentimentml");

        ToolResult info = await RunAsync(tool, folder, new Dictionary<string, string>(), "info", "--json");
        Assert.StartsWith("2.10", info.Expect(0).Json["libtorch"]!.ToString(), StringComparison.Ordinal);

        var nowhere = new Dictionary<string, string> { ["NUGET_PACKAGES"] = folder.At("no-packages") };
        (await RunAsync(tool, folder, nowhere, "predict", "--model", TestFiles.TinyClassifier, "--text", "hola")).ExpectFailure("libtorch is not on this machine", "dotnet package download libtorch-cpu-", "SENTIMENTML_LIBTORCH");
        Assert.Single((await RunAsync(tool, folder, nowhere, "tokenize", "--backbone", "mini", "--input", "texts.csv")).Expect(0).Lines);

        var named = new Dictionary<string, string>(nowhere) { ["SENTIMENTML_LIBTORCH"] = AppContext.BaseDirectory };
        JsonNode line = Assert.Single((await RunAsync(tool, folder, named, "predict", "--model", TestFiles.TinyClassifier, "--text", "hola")).Expect(0).Lines);
        Assert.Equal("hola", line["text"]!.ToString());
    }

    private static async Task<ToolResult> RunAsync(string tool, TemporaryFolder folder, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        using Process process = ToolProcess.Start(tool, folder.Path, arguments, variables);
        return await ToolProcess.EndOfAsync(process, arguments);
    }

    [GeneratedRegex(@"```csharp\r?\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("<dependency id=\"(?<id>[^\"]+)\"")]
    private static partial Regex Dependency();

    [GeneratedRegex("LoadReviews\\(\"(?<path>[^\"]+)\"")]
    private static partial Regex LoadedFile();
}
