using System.Globalization;
using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>The page that train --learning-curve writes, and the log beside it.</summary>
public sealed class LearningCurvePageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LearningCurvePageTests() => _folder.With("validation.jsonl", TestFiles.Head(TestFiles.Validation, 60));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_page_holds_every_measurement_and_reaches_for_nothing()
    {
        ToolResult result = (await ToolProcess.RunAsync(
            _folder, [.. Arguments, "--epochs", "2", "--learning-rate", "1e-3", "--evaluation-steps", "3", "--json"])).Expect(0);
        string page = _folder.Read("curve.html");
        JsonNode[] evaluations = [.. result.Json["evaluations"]!.AsArray()!];
        Assert.Equal([0, 3, 6, 8], evaluations.Select(e => (int)e["step"]!));
        foreach (JsonNode evaluation in evaluations)
            foreach (string figure in (string[])["accuracy", "macro_f1", "loss"])
                Assert.Contains($"<td>{((double)evaluation[figure]!).ToString("0.0000", CultureInfo.InvariantCulture)}</td>", page, StringComparison.Ordinal);
        foreach (string chart in (string[])["training loss", "smoothed", "validation loss", "learning rate", "accuracy", "macro-F1"])
            Assert.Contains($">{chart}</span>", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script|(src|href)=|url\\(|https?://|@import", page);
        Assert.Contains("train.jsonl", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_stops_early_is_shown_and_logged_as_far_as_it_came()
    {
        // At this rate nothing changes, so that no measurement is better than the first.
        (await ToolProcess.RunAsync(_folder, [.. Arguments, "--epochs", "50", "--learning-rate", "1e-30", "--early-stopping", "2", "--log", "log.jsonl"]))
            .Expect(0);
        Assert.Contains("12 steps, ", _folder.Read("curve.html"), StringComparison.Ordinal);
        Assert.Contains("stopped early", _folder.Read("curve.html"), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 12), JsonLines.Parse(_folder.Read("log.jsonl")).Select(step => (int)step["step"]!));
    }

    [Fact]
    public async Task A_run_that_fails_leaves_no_page()
    {
        (await ToolProcess.RunAsync(_folder, [.. Arguments, "--learning-rate", "1e30", "--max-gradient-norm", "Infinity"]))
            .ExpectFailure("training has diverged");
        Assert.Equal(["validation.jsonl"], _folder.Names);
    }

    private static string[] Arguments =>
        ["train", "--train", TestFiles.Train, "--validation", "validation.jsonl", "--backbone", TestFiles.TinyBackbone, "--max-rows", "64", "--output", "model",
            "--learning-curve", "curve.html"];
}
