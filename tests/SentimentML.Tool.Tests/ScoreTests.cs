using System.Diagnostics;
using System.Text.RegularExpressions;
using SentimentML.Tool.Output;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>score plan, run, verify and merge, as a scheduler's tasks run them, beside predict on the whole file.</summary>
public sealed class ScoreTests
{
    private const int Rows = 2600; // three blocks of 1,024 rows, the last one short

    [Theory]
    [InlineData("csv", "JOB_COMPLETION_INDEX", 0)]
    [InlineData("jsonl", "SGE_TASK_ID", 1)]
    [InlineData("parquet", "SLURM_ARRAY_TASK_ID", 0)]
    public async Task The_merged_parts_are_what_predict_writes(string format, string variable, int first)
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", "id,text\n"
            + string.Concat(ShortTexts.Rows(Rows, seed: 1)
                .Select((row, i) => $"{i},\"{row.Text.Replace("\"", "\"\"", StringComparison.Ordinal)}\nen dos líneas\"\n")));
        string[] model = ["--model", TestFiles.TinyClassifier, "--precision", "fp32", "--input", "a.csv"];
        (await ToolProcess.RunAsync(folder, ["predict", .. model, "--output", $"whole.{format}"])).Expect(0);
        ToolResult plan = (await ToolProcess.RunAsync(
            folder, ["score", "plan", .. model, "--shards", "3", "--output", "plan", "--output-format", format, "--json"])).Expect(0);
        Assert.Equal((Rows, 3), ((int)plan.Json["rows"]!, (int)plan.Json["shards"]!));

        foreach (int shard in (int[])[2, 0])
            (await RunShard(folder, variable, shard + first)).Expect(0);
        ToolResult missing = (await ToolProcess.RunAsync(folder, "score", "verify", "--manifest", "plan")).Expect(1);
        Assert.Equal("1", missing.Output.Trim());
        Assert.Contains($"part-00001.{format} does not exist", missing.Error, StringComparison.Ordinal);
        (await ToolProcess.RunAsync(folder, "score", "merge", "--manifest", "plan", "--output", $"merged.{format}"))
            .ExpectFailure("are not complete", "part-00001");
        Assert.False(File.Exists(folder.At($"merged.{format}")));

        (await RunShard(folder, variable, 1 + first)).Expect(0);
        Assert.Contains("whole before", (await RunShard(folder, variable, 1 + first)).Expect(0).Output, StringComparison.Ordinal);
        (await RunShard(folder, variable, 3 + first)).ExpectFailure("The index is 3", "the shards 0 to 2");
        (await ToolProcess.RunAsync(folder, "score", "verify", "--manifest", "plan/manifest.json")).Expect(0);
        (await ToolProcess.RunAsync(folder, "score", "merge", "--manifest", "plan", "--output", $"merged.{format}")).Expect(0);
        Assert.Equal(Convert.ToHexString(File.ReadAllBytes(folder.At($"whole.{format}"))),
            Convert.ToHexString(File.ReadAllBytes(folder.At($"merged.{format}"))));
    }

    [Fact]
    public async Task The_sample_for_Kubernetes_runs_a_shard_by_its_completion_index()
    {
        string yaml = await File.ReadAllTextAsync(
            Path.Combine(Repository.Folder, "samples", "cluster", "kubernetes.yaml"), TestContext.Current.CancellationToken);
        Assert.Contains("completionMode: Indexed", yaml, StringComparison.Ordinal);
        string[] command = [.. Regex.Matches(Regex.Match(yaml, @"command: \[(.*)\]").Groups[1].Value, "\"([^\"]*)\"").Select(word => word.Groups[1].Value)];
        Dictionary<string, string> variables = Regex.Matches(yaml, @"- name: (\w+)\n\s+value: \x22([^\x22]*)\x22")
            .ToDictionary(pair => pair.Groups[1].Value, pair => pair.Groups[2].Value);
        variables["JOB_COMPLETION_INDEX"] = "1"; // what Kubernetes adds
        Assert.Equal("sentimentml", command[0]);

        using var folder = new TemporaryFolder();
        folder.With("a.csv", ShortTexts.Csv(ShortTexts.Rows(Rows, seed: 1)));
        (await ToolProcess.RunAsync(folder, "score", "plan", "--model", TestFiles.TinyClassifier, "--input", "a.csv", "--shards", "3", "--output", "plan"))
            .Expect(0);
        string[] arguments = [.. command.Skip(1).Select(word => word.Replace("/data/", folder.At("") + Path.DirectorySeparatorChar, StringComparison.Ordinal))];
        using Process process = ToolProcess.Start("dotnet", folder.Path, [ToolProcess.Program, .. arguments], variables);
        (await ToolProcess.EndOfAsync(process, arguments)).Expect(0);
        Assert.True(File.Exists(folder.At("plan", "part-00001.done.json")));
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("3,7-9", 3, 7, 8, 9)]
    [InlineData("0-1,3", 0, 1, 3)]
    public void Shards_to_run_again_are_written_as_an_array(string expected, params int[] indexes) => Assert.Equal(expected, IndexRanges.Of(indexes));

    private static async Task<ToolResult> RunShard(TemporaryFolder folder, string variable, int value)
    {
        string[] arguments = ["score", "run", "--manifest", "plan"];
        using Process process =
            ToolProcess.Start("dotnet", folder.Path, [ToolProcess.Program, .. arguments], new Dictionary<string, string> { [variable] = $"{value}" });
        return await ToolProcess.EndOfAsync(process, arguments);
    }
}
