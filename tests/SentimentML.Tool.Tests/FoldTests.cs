using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>Cross-validation by train --folds.</summary>
public sealed class FoldTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FoldTests() => _folder.With(
        "reviews.csv", "text,stars\n" + string.Concat(Enumerable.Range(0, 33).Select(i => i % 3 == 0 ? $"muy malo {i},1\n" : $"muy bueno {i},5\n")));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_output_the_folds_figures_are_all_there_is()
    {
        ToolResult first = await TrainAsync("--folds", "3", "--json", "--log", "log.jsonl");
        Assert.Null(first.Json["model"]);
        Assert.Equal(["log.jsonl", "reviews.csv"], _folder.Names);
        JsonNode[] folds = [.. first.Json["folds"]!.AsArray()!];
        Assert.Equal([1, 2, 3], folds.Select(fold => (int)fold["fold"]!));
        Assert.All(folds, fold => Assert.Equal((22, 11), ((int)fold["train_rows"]!, (int)fold["rows"]!)));
        double[] accuracies = [.. folds.Select(fold => (double)fold["accuracy"]!)];
        double mean = accuracies.Average();
        Assert.Equal(mean, (double)first.Json["mean"]!["accuracy"]!, 1e-12);
        Assert.Equal(Math.Sqrt(accuracies.Sum(a => (a - mean) * (a - mean)) / 2), (double)first.Json["deviation"]!["accuracy"]!, 1e-12);
        Assert.Equal([1, 2, 3], JsonLines.Parse(_folder.Read("log.jsonl")).Select(step => (int)step["fold"]!).Distinct());
        Assert.Equal(first.Output, (await TrainAsync("--folds", "3", "--json")).Output); // seeded
    }

    [Fact]
    public async Task With_output_the_model_is_trained_on_all_rows_afterwards()
    {
        ToolResult result = await TrainAsync("--folds", "2", "--output", "model");
        Assert.Contains("mean ± dev.", result.Output, StringComparison.Ordinal);
        Assert.Equal(33, (int)JsonNode.Parse(_folder.Read("model/sentimentml.json"))!["training"]!["rows"]!);
        await TrainAsync("--output", "alone");
        Assert.Equal(File.ReadAllBytes(_folder.At("alone/model.safetensors")), File.ReadAllBytes(_folder.At("model/model.safetensors")));
    }

    [Fact]
    public async Task A_label_with_fewer_rows_than_folds_is_refused() =>
        (await ToolProcess.RunAsync(_folder, "train", "--train", "reviews.csv", "--backbone", TestFiles.TinyBackbone, "--folds", "12"))
            .ExpectFailure("'negative' has 11 rows, expected at least 12");

    private async Task<ToolResult> TrainAsync(params string[] more) =>
        (await ToolProcess.RunAsync(
            _folder, ["train", "--train", "reviews.csv", "--backbone", TestFiles.TinyBackbone, "--epochs", "1", "--learning-rate", "1e-3", .. more])).Expect(0);
}
