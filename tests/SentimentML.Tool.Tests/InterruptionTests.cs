using System.Diagnostics;
using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

public sealed class InterruptionTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_training_that_is_stopped_leaves_no_model_behind(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        using var folder = new TemporaryFolder();
        string[] arguments = ["train", "--train", TestFiles.Train, "--backbone", TestFiles.TinyBackbone, "--output", "model", "--epochs", "1000", "--log",
            "log.jsonl"];
        using Process process = ToolProcess.Start(folder, arguments);
        Task<ToolResult> end = ToolProcess.EndOfAsync(process, arguments);
        while (!end.IsCompleted && !File.Exists(folder.At("log.jsonl")))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);

        ToolResult result = (await end).Expect(exitCode);
        Assert.Contains("Stopped.", result.Error, StringComparison.Ordinal);
        Assert.Equal(["log.jsonl"], folder.Names);
        Assert.NotEmpty(JsonLines.Parse(folder.Read("log.jsonl"))); // whole lines
    }

    [Fact]
    public async Task A_search_that_is_stopped_leaves_the_results_of_the_trials_that_had_ended()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        using var folder = new TemporaryFolder();
        folder.With("validation.jsonl", TestFiles.Head(TestFiles.Validation, 40));
        string[] arguments = ["search", "--train", TestFiles.Train, "--validation", "validation.jsonl", "--backbone", TestFiles.TinyBackbone, "--results",
            "results",
            "--trials", "20", "--epochs", "4", "--batch-sizes", "8"];
        using Process process = ToolProcess.Start(folder, arguments);
        Task<ToolResult> end = ToolProcess.EndOfAsync(process, arguments);
        while (!end.IsCompleted && Trials(folder).Length < 2)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);

        (await end).Expect(130);
        Assert.InRange(Trials(folder).Length, 2, 19);
        Assert.All(Directory.GetFiles(folder.At("results")), file => JsonNode.Parse(File.ReadAllText(file)));
    }

    private static string[] Trials(TemporaryFolder folder) =>
        Directory.Exists(folder.At("results")) ? Directory.GetFiles(folder.At("results"), "round-*.json") : [];

    [Fact]
    public async Task A_training_that_is_stopped_leaves_the_best_model_when_asked_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        using var folder = new TemporaryFolder();
        string[] arguments = ["train", "--train", TestFiles.Train, "--backbone", TestFiles.TinyBackbone, "--output", "model", "--epochs", "1000", "--log",
            "log.jsonl",
            "--on-cancel", "best", "--learning-curve", "curve.html"];
        using Process process = ToolProcess.Start(folder, arguments);
        Task<ToolResult> end = ToolProcess.EndOfAsync(process, arguments);
        while (!end.IsCompleted && !File.Exists(folder.At("log.jsonl")))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("The model is in", (await end).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(["curve.html", "log.jsonl", "model"], folder.Names);
        Assert.Contains("cancelled", folder.Read("curve.html"), StringComparison.Ordinal);
    }
}
