using System.Text.RegularExpressions;
using SentimentML.Documentation.Tests.Infrastructure;

namespace SentimentML.Documentation.Tests;

/// <summary>The commands of the pages do what they say, or are at least understood where they need a hub or a GPU.</summary>
public sealed class CommandTests(CommandTests.Runs runs) : IClassFixture<CommandTests.Runs>
{
    private static readonly string[] WithCommands =
        [.. Pages.Guides.Where(page => Pages.Blocks(page).Any(block => block.Language == "sh" && !block.NeedsMore && Commands.AreOfTheTool(block)))];

    public static TheoryData<string> Run => [.. WithCommands];

    public static TheoryData<string> All => [.. Pages.Guides.Concat(Pages.Packages).Where(page => Pages.Blocks(page).Any(block => block.Language == "sh"))];

    [Theory]
    [MemberData(nameof(Run))]
    public async Task The_commands_of_a_guide_run_in_their_order(string page)
    {
        Assert.SkipUnless(PageRun.IsPossible, "needs bash");
        Assert.Null(await runs.Of(page));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_tool_understands_every_command(string page) =>
        Expect.None(Pages.Blocks(page).Where(block => block.Language == "sh").SelectMany(Commands.OfTheTool).Select(Commands.Fault).OfType<string>());

    [Theory]
    [MemberData(nameof(All))]
    public void Packages_and_projects_that_commands_name_are_those_of_the_repository(string page)
    {
        string versions = File.ReadAllText(Path.Combine(Repository.Folder, "Directory.Packages.props"));
        foreach (string line in Pages.Blocks(page).Where(block => block.Language == "sh").SelectMany(ShellLine.Of))
        {
            foreach (Match package in Regex.Matches(line, @"^dotnet (?:add package|tool install --global|new install) (?<id>\S+)"))
            {
                string id = package.Groups["id"].Value;
                Assert.True(File.Exists(Path.Combine(Repository.Folder, "src", id, $"{id}.csproj"))
                    || versions.Contains($"Include=\"{id}\"", StringComparison.Ordinal), $"{page}: {line}");
            }
            foreach (Match project in Regex.Matches(line, @"--project (?<path>\S+)"))
                Assert.True(Directory.EnumerateFiles(Path.Combine(Repository.Folder, project.Groups["path"].Value), "*.csproj").Any(), $"{page}: {line}");
        }
    }

    [Fact]
    public void A_wrong_option_is_found() =>
        Assert.Contains("--inptu", Commands.Fault(["predict", "--inptu", "reviews.csv"]), StringComparison.Ordinal);

    /// <summary>The pages' runs, two at a time and each command on one core: most of a short command is starting.</summary>
    public sealed class Runs : IDisposable
    {
        private const int AtOnce = 2;

        private readonly TemporaryFolder _caches = new();
        private readonly SemaphoreSlim _turns = new(AtOnce);
        private readonly CancellationTokenSource _end = new();
        private readonly Dictionary<string, Task<string?>> _pages;

        public Runs() => _pages = PageRun.IsPossible ? WithCommands.ToDictionary(page => page, InTurnAsync) : [];

        public Task<string?> Of(string page) => _pages[page];

        public void Dispose()
        {
            _end.Cancel();
            Task.WaitAll([.. _pages.Values.Select(run => run.ContinueWith(_ => { }, TaskScheduler.Default))]);
            _end.Dispose();
            _turns.Dispose();
            _caches.Dispose();
        }

        private async Task<string?> InTurnAsync(string page)
        {
            await _turns.WaitAsync(_end.Token);
            try
            {
                var variables = new Dictionary<string, string> { ["HF_HUB_OFFLINE"] = "1", ["HF_HOME"] = _caches.At("hub"),
                    ["XDG_CACHE_HOME"] = _caches.At("caches"), ["OMP_NUM_THREADS"] = "1" };
                return await PageRun.RunAsync(page, variables, _end.Token);
            }
            finally
            {
                _turns.Release();
            }
        }
    }
}
