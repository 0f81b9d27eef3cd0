using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>What <c>dotnet new</c> makes of the templates, built and run against the packed packages.</summary>
[Collection(nameof(PackedFeed))]
[Trait("Category", "Package")]
public sealed partial class TemplateTests(PackedFeed feed)
{
    private const int TrainingRows = 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_console_application_answers_by_the_ready_model_and_then_by_the_one_that_it_trained()
    {
        using var folder = new TemporaryFolder();
        string program = await BuildAsync(folder, "sentimentml-console");
        folder.With("reviews.jsonl", TestFiles.Head(TestFiles.Train, TrainingRows));
        (await RunAsync(folder, program, "train")).ExpectFailure("Name one file of reviews");
        (await RunAsync(folder, program, "train", "none.csv")).ExpectFailure("none.csv");

        ToolResult ready = (await RunAsync(folder, program, "No puedo estar más contento con la compra", "Llegó roto y nadie responde")).Expect(0);
        Assert.Collection(ready.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches("^positive\t0[.,]\\d{3}\tNo puedo estar más contento con la compra$", line),
            line => Assert.Matches("^negative\t0[.,]\\d{3}\tLlegó roto y nadie responde$", line));

        ToolResult trained = (await RunAsync(folder, program, "train", "reviews.jsonl")).Expect(0);
        Assert.Matches("^accuracy\t[01][.,]\\d{3}\n$", trained.Output);
        Assert.Contains("training rows", trained.Error, StringComparison.Ordinal);
        using SentimentClassifier own = SentimentClassifier.Load(folder.At("sentiment.zip"));
        Assert.Equal(["negative", "positive"], own.Labels.Order(StringComparer.Ordinal)); // three stars are left out; the ready model has neutral too

        ToolResult answer = (await RunAsync(folder, program, "No puedo estar más contento con la compra")).Expect(0);
        Assert.StartsWith($"{own.Classify("No puedo estar más contento con la compra").Label}\t", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_web_application_answers_a_request_and_shows_its_page()
    {
        using var folder = new TemporaryFolder();
        string program = await BuildAsync(folder, "sentimentml-web");
        using Process server = ToolProcess.Start("dotnet", folder.At("Opinions"), [program, "--urls", "http://127.0.0.1:0"]);
        Task<string> errors = server.StandardError.ReadToEndAsync(Stop);
        try
        {
            var said = new List<string>();
            Match? address = null;
            while (address is not { Success: true } && await server.StandardOutput.ReadLineAsync(Stop) is { } line)
            {
                said.Add(line);
                address = Address().Match(line);
            }
            Assert.True(address is { Success: true },
                $"the server ended before it listened:\n{string.Join('\n', said)}\n{(address is { Success: true } ? "" : await errors)}");
            Task<string> rest = server.StandardOutput.ReadToEndAsync(Stop);

            using var client = new HttpClient { BaseAddress = new Uri(address.Value) };
            using HttpResponseMessage response = await client.PostAsJsonAsync("/predict", new { inputs = "No puedo estar más contento con la compra" }, Stop);
            JsonNode answer = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Stop))!;
            Assert.Equal("positive", answer[0]!["label"]!.ToString());
            Assert.Contains("<html", await client.GetStringAsync("/", Stop), StringComparison.Ordinal);
            server.Kill(entireProcessTree: true);
            await rest;
        }
        finally
        {
            if (!server.HasExited)
                server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task The_libtorch_of_a_GPU_is_an_option()
    {
        using var folder = new TemporaryFolder();
        await CreateAsync(folder, "sentimentml-console", "--libtorch", "cuda-linux");
        string project = folder.Read("Opinions/Opinions.csproj");
        Assert.Contains("<PackageReference Include=\"TorchSharp-cuda-linux\" Version=\"0.107.0\" />", project, StringComparison.Ordinal);
        Assert.Contains($"<PackageReference Include=\"SentimentML\" Version=\"{feed.Version}\" />", project, StringComparison.Ordinal);
    }

    /// <summary>Installs the templates for this test alone, and makes an application of one in the folder Opinions.</summary>
    private async Task CreateAsync(TemporaryFolder folder, string template, params string[] options)
    {
        folder.With("nuget.config", feed.Configuration);
        (await feed.DotnetAsync(folder.Path, "new", "install", feed.PathOf("SentimentML.Templates"), "--debug:custom-hive", folder.At("hive"))).Expect(0);
        (await feed.DotnetAsync(folder.Path, ["new", template, "--output", "Opinions", "--debug:custom-hive", folder.At("hive"), .. options])).Expect(0);
    }

    /// <summary>Makes and builds an application.</summary>
    /// <returns>Its assembly.</returns>
    private async Task<string> BuildAsync(TemporaryFolder folder, string template)
    {
        await CreateAsync(folder, template);
        (await feed.DotnetAsync(folder.Path, "build", "Opinions", "--output", folder.At("built"), "-warnaserror")).Expect(0);
        return folder.At("built", "Opinions.dll");
    }

    private static async Task<ToolResult> RunAsync(TemporaryFolder folder, params string[] arguments)
    {
        using Process process = ToolProcess.Start("dotnet", folder.Path, arguments);
        return await ToolProcess.EndOfAsync(process, arguments);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
