using System.Diagnostics;
using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>search --plan and train --folds --plan, and trials run, verify and collect, as a scheduler's tasks run them, beside one process.</summary>
public sealed class TrialsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrialsTests()
    {
        _folder.With("train.jsonl", TestFiles.Head(TestFiles.Train, 60));
        _folder.With("validation.jsonl", TestFiles.Head(TestFiles.Validation, 40));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_search_spread_over_tasks_finds_what_one_process_finds()
    {
        string[] search = ["search", "--train", "train.jsonl", "--validation", "validation.jsonl", "--backbone", TestFiles.TinyBackbone,
            "--trials", "3", "--epochs", "1", "--batch-sizes", "8,16", "--min-learning-rate", "1e-4", "--max-learning-rate", "1e-2"];
        ToolResult whole = (await Run([.. search, "--json"])).Expect(0);
        ToolResult plan = (await Run([.. search, "--plan", "plan"])).Expect(0);
        Assert.EndsWith("manifest.json: 4 trainings, round 1: 0 to 2; round 2: 0 to 0", plan.Output.Trim(), StringComparison.Ordinal);
        Assert.Equal(["manifest.json", "results.json"], Names("plan"));
        (await Run([.. search, "--plan", "plan"])).Expect(0); // the same plan again
        (await Run([.. search, "--plan", "plan", "--weight-decay", "0.3"])).ExpectFailure("are of other work; what differs: the options");

        (await RunTrial("SLURM_ARRAY_TASK_ID", 2, "--round", "1")).Expect(0);
        (await RunTrial("SLURM_ARRAY_TASK_ID", 0)).ExpectFailure("has 2 rounds, expected one to do. Give --round N");
        (await RunTrial("JOB_COMPLETION_INDEX", 0, "--round", "2"))
            .ExpectFailure("Round 2 trains the best of round 1, of which 2 trials have not ended (0, 1). Run them first.");
        (await RunTrial("SGE_TASK_ID", 1, "--round", "1")).Expect(0);
        ToolResult missing = (await Run("trials", "verify", "--manifest", "plan")).Expect(1);
        Assert.Equal("1", missing.Output.Trim());
        Assert.Contains("round 1 lacks 1 of its 3 results (index 1). Run those trainings first.", missing.Error, StringComparison.Ordinal);
        (await Run("trials", "collect", "--manifest", "plan")).ExpectFailure("round 1 lacks 1 of its 3 results (index 1)");
        (await RunTrial("JOB_COMPLETION_INDEX", 1, "--round", "1")).Expect(0);
        (await RunTrial("JOB_COMPLETION_INDEX", 3, "--round", "1")).ExpectFailure("The index is 3", "the trainings 0 to 2");
        ToolResult next = (await Run("trials", "verify", "--manifest", "plan", "--json")).Expect(1);
        Assert.Equal((2, "[0]"), ((int)next.Json["round"]!, next.Json["again"]!.ToJsonString()));
        ToolResult last = (await Run("trials", "run", "--manifest", "plan/manifest.json", "--round", "2", "--index", "0", "--verbose")).Expect(0);
        Assert.Contains("numbers are trained", last.Error, StringComparison.Ordinal); // the trainer's log, which a search shows if asked to be verbose
        Assert.Contains("from the results", (await RunTrial("PARALLEL_SEQ", 1, "--round", "1")).Expect(0).Error, StringComparison.Ordinal);

        (await Run("trials", "verify", "--manifest", "plan")).Expect(0);
        using var elsewhere = new TemporaryFolder(); // a task starts in a folder of its own
        ToolResult collected = (await ToolProcess.RunAsync(elsewhere, "trials", "collect", "--manifest", _folder.At("plan"), "--json")).Expect(0);
        Assert.Equal(WithoutSeconds(whole.Json), WithoutSeconds(collected.Json));
        _folder.With("train.jsonl", TestFiles.Head(TestFiles.Train, 58));
        (await Run("trials", "collect", "--manifest", "plan")).ExpectFailure("what differs: the training rows.");
    }

    [Fact]
    public async Task Folds_spread_over_tasks_are_those_of_one_process_though_one_was_killed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        string[] train = ["train", "--train", "train.jsonl", "--backbone", TestFiles.TinyBackbone, "--epochs", "30", "--learning-rate", "1e-3", "--folds", "3"];
        ToolResult whole = (await Run([.. train, "--json"])).Expect(0);
        ToolResult plan = (await Run([.. train, "--checkpoint-folder", "checkpoints", "--resume", "--plan", "plan", "--json"])).Expect(0);
        Assert.Equal("[3]", plan.Json["rounds"]!.ToJsonString());

        string[] second = ["trials", "run", "--manifest", "plan", "--index", "1"];
        using (Process process = ToolProcess.Start(_folder, second))
        {
            Task<ToolResult> end = ToolProcess.EndOfAsync(process, second);
            while (!end.IsCompleted && Checkpoints("fold-2-of-3") == 0)
                await Task.Delay(20, TestContext.Current.CancellationToken);
            process.Kill();
            (await end).Expect(137);
        }
        Assert.Equal(["manifest.json", "results.json"], Names("plan"));
        foreach (int task in (int[])[2, 1, 0])
            (await RunTrial("SLURM_ARRAY_TASK_ID", task)).Expect(0);
        Assert.Equal(["fold-001.json", "fold-002.json", "fold-003.json", "manifest.json", "results.json"], Names("plan"));
        ToolResult collected = (await Run("trials", "collect", "--manifest", "plan", "--json")).Expect(0);
        Assert.Equal(whole.Output, collected.Output);
    }

    [Theory]
    [InlineData("{}", "is not a plan of trials, or is damaged")]
    [InlineData("""{ "version": 2, "working_folder": ".", "arguments": ["search"] }""", "it is not of version 1")]
    [InlineData("""{ "version": 1, "working_folder": ".", "arguments": ["info"] }""", "its command has no trials")]
    [InlineData("""{ "version": 1, "working_folder": ".", "arguments": ["train", "--train=a.csv", "--output=m"] }""", "its command has no trials")]
    [InlineData("""{ "version": 1, "working_folder": ".", "arguments": ["search", "--fly=1"] }""", "--fly")]
    [InlineData("""{ "version": 1, "working_folder": ".", "arguments": [null] }""", "it is not of version 1")]
    public async Task A_damaged_plan_is_refused(string content, string said)
    {
        _folder.With("plan/manifest.json", content);
        (await Run("trials", "run", "--manifest", "plan", "--index", "0")).ExpectFailure(said, "Plan again.");
    }

    private int Checkpoints(string fold) =>
        Directory.Exists(_folder.At("checkpoints", fold)) ? Directory.GetDirectories(_folder.At("checkpoints", fold), "checkpoint-*").Length : 0;

    private IEnumerable<string> Names(string folder) =>
        Directory.GetFiles(_folder.At(folder)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    private static string WithoutSeconds(JsonNode result)
    {
        foreach (JsonNode? trial in result["trials"]!.AsArray().Append(result["best"]))
            trial!.AsObject().Remove("seconds");
        return result.ToJsonString();
    }

    private Task<ToolResult> Run(params string[] arguments) => ToolProcess.RunAsync(_folder, arguments);

    private async Task<ToolResult> RunTrial(string variable, int value, params string[] more)
    {
        string[] arguments = ["trials", "run", "--manifest", "plan", .. more];
        using Process process =
            ToolProcess.Start("dotnet", _folder.Path, [ToolProcess.Program, .. arguments], new Dictionary<string, string> { [variable] = $"{value}" });
        return await ToolProcess.EndOfAsync(process, arguments);
    }
}
