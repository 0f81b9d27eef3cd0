using System.Text.Json.Nodes;
using SentimentML.Tool.Output;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>The search for learning rate, epochs and batch size.</summary>
public sealed class SearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SearchTests()
    {
        _folder.With("train.jsonl", TestFiles.Head(TestFiles.Train, 60));
        _folder.With("validation.jsonl", TestFiles.Head(TestFiles.Validation, 40));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_best_combination_comes_with_the_command_that_trains_it()
    {
        ToolResult result = (await ToolProcess.RunAsync(_folder, [.. Arguments, "--label-smoothing", "0.1", "--output", "found", "--json"])).Expect(0);
        JsonNode[] trials = [.. result.Json["trials"]!.AsArray()!];
        Assert.Equal([1, 1, 1, 2], trials.Select(trial => (int)trial["round"]!));
        string line = (string)result.Json["train"]!;
        Assert.StartsWith("sentimentml train --train train.jsonl --validation validation.jsonl --backbone ", line, StringComparison.Ordinal);
        Assert.Contains("--label-smoothing 0.1 --learning-rate ", line, StringComparison.Ordinal);
        Assert.EndsWith("--output found", line, StringComparison.Ordinal);
        (await ToolProcess.RunAsync(_folder, [.. line.Split(' ').Skip(1).SkipLast(1), "trained"])).Expect(0);
        Assert.Equal(File.ReadAllBytes(_folder.At("found/model.safetensors")), File.ReadAllBytes(_folder.At("trained/model.safetensors")));
    }

    [Fact]
    public async Task LoRA_that_the_backbone_recommends_is_searched_and_trained()
    {
        foreach (string file in Directory.GetFiles(TestFiles.TinyBackbone))
            _folder.With("backbone/" + Path.GetFileName(file), File.ReadAllBytes(file));
        _folder.With("backbone/sentimentml.json", """{ "fine_tuning": { "lora": { "rank": 2, "learning_rate": 1e-3, "epochs": 1, "hidden_dropout": 0.3 } } }""");
        string[] arguments = ["search", "--train", "train.jsonl", "--validation", "validation.jsonl", "--backbone", "backbone", "--trials", "1",
            "--epochs", "1", "--batch-sizes", "8"];
        ToolResult result = (await ToolProcess.RunAsync(_folder, [.. arguments, "--output", "found", "--json"])).Expect(0);
        string line = (string)result.Json["train"]!;
        Assert.Contains(" --lora-rank 2 --lora-targets all --dropout 0.3 --output found", line, StringComparison.Ordinal);
        Assert.InRange((double)result.Json["best"]!["learning_rate"]!, 1e-3 / 4, 1e-3 * 4);
        (await ToolProcess.RunAsync(_folder, [.. line.Split(' ').Skip(1).SkipLast(1), "trained"])).Expect(0);
        Assert.Equal(File.ReadAllBytes(_folder.At("found/model.safetensors")), File.ReadAllBytes(_folder.At("trained/model.safetensors")));
        result = (await ToolProcess.RunAsync(_folder, [.. arguments, "--dropout", "0", "--json"])).Expect(0);
        Assert.Contains(" --dropout 0 --learning-rate ", (string)result.Json["train"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("--dropout 0.3", (string)result.Json["train"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_command_again_takes_the_trials_from_the_results()
    {
        string[] Files() => [.. Directory.GetFiles(_folder.At("results")).Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetFileName(path)} {File.GetLastWriteTimeUtc(path):O}")];
        ToolResult first = (await ToolProcess.RunAsync(_folder, [.. Arguments, "--results", "results"])).Expect(0);
        string[] files = Files();
        Assert.Equal(["results.json", "round-1-trial-0000.json", "round-1-trial-0001.json", "round-1-trial-0002.json", "round-2-trial-0000.json"],
            files.Select(file => file.Split(' ')[0]));
        ToolResult again = (await ToolProcess.RunAsync(_folder, [.. Arguments, "--results", "results"])).Expect(0);
        Assert.Equal(first.Output, again.Output);
        Assert.Equal(files, Files());
        Assert.Equal(4, again.Error.Split("from the results").Length - 1);
        (await ToolProcess.RunAsync(_folder, [.. Arguments, "--results", "results", "--weight-decay", "0.3"]))
            .ExpectFailure("are of other work; what differs: the options");
    }

    [Fact]
    public void Words_are_quoted_as_a_shell_needs_it() =>
        Assert.Equal(["plain-1.csv", "'my file.csv'", "'a'\\''b'", "''"], ((string[])["plain-1.csv", "my file.csv", "a'b", ""]).Select(ShellWord.Of));

    private static string[] Arguments => ["search", "--train", "train.jsonl", "--validation", "validation.jsonl", "--backbone", TestFiles.TinyBackbone,
        "--trials", "3", "--epochs", "1", "--batch-sizes", "8,16", "--min-learning-rate", "1e-4", "--max-learning-rate", "1e-2"];
}
