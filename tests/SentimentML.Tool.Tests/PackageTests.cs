using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>The packages as their users get them: from a feed, into a project and onto a command line that know nothing of this repository.</summary>
[Collection(nameof(PackedFeed))]
[Trait("Category", "Package")]
public sealed partial class PackageTests(PackedFeed feed)
{
    /// <summary>The kind of debug information that holds source links, in the Portable PDB format.</summary>
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private const int TrainingRows = 16;

    [Fact]
    public async Task A_fresh_project_compiles_and_runs_the_readmes_code()
    {
        MatchCollection blocks = CodeBlock()
            .Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Folder, "README.md"), TestContext.Current.CancellationToken));
        string[] expected = ["(?m)^positive 0[.,]", "(?ms)^accuracy .*^(negative|positive) "]; // the ready model; a training
        Assert.Equal(expected.Length, blocks.Count);

        using TemporaryFolder project = Fresh("TorchSharp-cpu")
            .With("train.jsonl", TestFiles.Head(TestFiles.Train, TrainingRows))
            .With("validation.jsonl", TestFiles.Head(TestFiles.Validation, TrainingRows));
        foreach ((Match block, string output) in blocks.Zip(expected))
        {
            project.With("Program.cs", block.Groups["code"].Value);
            Assert.Matches(output, (await feed.DotnetAsync(project.Path, "run")).Expect(0).Output);
        }
    }

    [Fact]
    public async Task An_application_that_forgot_libtorch_is_told_what_to_add()
    {
        using TemporaryFolder project = Fresh("TorchSharp").With("Program.cs", "SentimentML.SpanishSmall.LoadClassifier();");
        (await feed.DotnetAsync(project.Path, "build", "--output", "built")).Expect(0);
        // TorchSharp would look into the user's cache of packages too.
        var nowhere = new Dictionary<string, string> { ["NUGET_PACKAGES"] = project.At("no-packages") };
        string told = (await RunAsync("dotnet", project, nowhere, project.At("built/Fresh.dll"))).Error;
        Assert.Contains("SentimentMLException: The application has no libtorch", told, StringComparison.Ordinal);
        Assert.Contains("dotnet add package TorchSharp-cpu --version 0.107.0", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_package_is_small_enough_to_travel_and_brings_icon_readme_tags_and_licence()
    {
        foreach (string id in PackedFeed.Packages)
        {
            (IReadOnlyList<string> entries, string specification) = feed.Open(id);
            Assert.Contains("README.md", entries);
            Assert.Contains("icon.png", entries);
            foreach (string element in (
                string[])["<license type=\"expression\">Apache-2.0<", "<icon>icon.png<", "<readme>README.md<", "<tags>sentiment spanish ", "<description>"])
                Assert.Contains(element, specification, StringComparison.Ordinal);
            Assert.DoesNotContain(entries, entry => Path.GetFileName(entry).Contains("torch_cpu", StringComparison.Ordinal));
            Assert.InRange(feed.Size(id), 1, id switch
            {
                "SentimentML.SpanishSmall" => 25_000_000,
                "SentimentML.SpanishMini" => 20_000_000,
                "SentimentML.Tool" => 80_000_000,
                _ => 2_000_000,
            });
        }
    }

    /// <summary>Libraries can be stepped into: their symbols name the sources by address and commit, not by the paths of the machine that built them.</summary>
    [Fact]
    public void Every_library_is_deterministic_and_its_symbols_lead_to_the_sources_of_the_commit()
    {
        Assert.SkipUnless(Path.Exists(Path.Combine(Repository.Folder, ".git")), "this is no git checkout, so there is no commit to link to");
        foreach (string id in PackedFeed.Packages.Where(id => id is not ("SentimentML.Tool" or "SentimentML.Templates")))
        {
            using var assembly = new PEReader(feed.Read(id, "nupkg", $"lib/net10.0/{id}.dll"));
            Assert.Contains(assembly.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);

            using MetadataReaderProvider symbols = MetadataReaderProvider.FromPortablePdbStream(feed.Read(id, "snupkg", $"lib/net10.0/{id}.pdb"));
            MetadataReader reader = symbols.GetMetadataReader();
            string[] sources = [.. reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name))];
            Assert.Contains(sources, source => source.StartsWith($"/_/src/{id}/", StringComparison.Ordinal));
            Assert.DoesNotContain(sources, source => source.StartsWith(Repository.Folder, StringComparison.Ordinal));
            byte[] links = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
                .Where(information => reader.GetGuid(information.Kind) == SourceLink)
                .Select(information => reader.GetBlobBytes(information.Value)).Single();
            Assert.Matches("^https://raw.githubusercontent.com/example/sentimentml/[0-9a-f]{40}/\\*$",
                JsonNode.Parse(links)!["documents"]!["/_/*"]!.ToString());
        }
    }

    /// <summary>No version that is pinned for this repository's own sake, and no drawing or exporting for those who do neither.</summary>
    [Theory]
    [InlineData("SentimentML", "Apache.Arrow", "Apache.Arrow.Compression", "CsvHelper", "Microsoft.Extensions.AI.Abstractions", "Microsoft.ML",
        "Microsoft.ML.Tokenizers", "MiniExcel", "Parquet.Net", "SharpCompress", "System.Numerics.Tensors", "TorchSharp", "UTF.Unknown", "ZstdSharp.Port")]
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
        (await RunAsync(tool, folder, nowhere, "predict", "--model", TestFiles.TinyClassifier, "--text", "hola"))
            .ExpectFailure("libtorch is not on this machine", "dotnet package download libtorch-cpu-", "SENTIMENTML_LIBTORCH");
        Assert.Single((await RunAsync(tool, folder, nowhere, "tokenize", "--backbone", "mini", "--input", "texts.csv")).Expect(0).Lines);

        var named = new Dictionary<string, string>(nowhere) { ["SENTIMENTML_LIBTORCH"] = AppContext.BaseDirectory };
        JsonNode line = Assert.Single((await RunAsync(tool, folder, named, "predict", "--model", TestFiles.TinyClassifier, "--text", "hola")).Expect(0).Lines);
        Assert.Equal("hola", line["text"]!.ToString());
    }

    /// <summary>A project that refers to the packages, and to one that brings TorchSharp.</summary>
    private TemporaryFolder Fresh(string torch) => new TemporaryFolder()
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
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="SentimentML" Version="{feed.Version}" />
                <PackageReference Include="SentimentML.SpanishSmall" Version="{feed.Version}" />
                <PackageReference Include="{torch}" Version="0.107.0" />
              </ItemGroup>
            </Project>
            """);

    private static async Task<ToolResult> RunAsync(
        string tool, TemporaryFolder folder, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        using Process process = ToolProcess.Start(tool, folder.Path, arguments, variables);
        return await ToolProcess.EndOfAsync(process, arguments);
    }

    [GeneratedRegex(@"```csharp\r?\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("<dependency id=\"(?<id>[^\"]+)\"")]
    private static partial Regex Dependency();
}
