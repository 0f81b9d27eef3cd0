using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

public sealed class EvaluateTests(TrainedModel model)
{
    [Fact]
    public async Task The_figures_are_those_of_the_predictions()
    {
        using var folder = new TemporaryFolder();
        JsonNode figures = (await ToolProcess.RunAsync(folder, "evaluate", "--model", model.Path, "--data", TestFiles.Validation, "--json")).Expect(0).Json;

        JsonNode[] predictions = (await ToolProcess.RunAsync(folder, "predict", "--model", model.Path, "--input", TestFiles.Validation)).Expect(0).Lines;
        (string Right, JsonNode Line)[] rows = [.. File.ReadLines(TestFiles.Validation).Select(line => (int)JsonNode.Parse(line)!["stars"]!).Zip(predictions)
            .Where(row => row.First != 3).Select(row => (row.First > 3 ? "positive" : "negative", row.Second))];
        long Count(string right, string predicted) => rows.Count(row => row.Right == right && row.Line["label"]!.ToString() == predicted);
        double F1(string label) =>
            2.0 * Count(label, label) / (rows.Count(row => row.Right == label) + rows.Count(row => row.Line["label"]!.ToString() == label));

        Assert.Equal(rows.Length, (int)figures["rows"]!);
        Assert.Equal(rows.Count(row => row.Right == row.Line["label"]!.ToString()) / (double)rows.Length, (double)figures["accuracy"]!, 1e-12);
        Assert.Equal((F1("negative") + F1("positive")) / 2, (double)figures["macro_f1"]!, 1e-12);
        Assert.Equal(rows.Average(row => -Math.Log((double)row.Line["probabilities"]![row.Right]!)), (double)figures["log_loss"]!, 1e-6);
        Assert.Equal(Count("negative", "positive"), (long)figures["confusion"]![0]![1]!);
        Assert.Equal(Count("positive", "negative"), (long)figures["confusion"]![1]![0]!);
        Assert.Equal(F1("positive"), (double)figures["per_label"]!["positive"]!["f1"]!, 1e-12);
    }

    [Fact]
    public async Task Labels_are_matched_by_their_names_and_unknown_ones_left_out()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", "text,label\nbueno,positive\nmalo,negative\nraro,ambiguous\nmejor,positive\n");
        JsonNode figures = (await ToolProcess.RunAsync(folder, "evaluate", "--model", model.Path, "--data", "reviews.csv", "--json")).Expect(0).Json;
        Assert.Equal(3, (int)figures["rows"]!);
        Assert.Equal(1, (int)figures["rows_left_out"]!);
        Assert.Equal(2, (int)figures["per_label"]!["positive"]!["rows"]!);
    }

    [Fact]
    public async Task Labels_that_are_all_unknown_are_a_failure()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", "text,stars\nbueno,5\nmalo,1\n");
        (await ToolProcess.RunAsync(folder, "evaluate", "--model", TestFiles.TinyClassifier, "--data", "reviews.csv"))
            .ExpectFailure(folder.At("reviews.csv"), "LABEL_0, LABEL_1", "negative, positive");
    }

    [Fact]
    public async Task People_get_tables()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = (await ToolProcess.RunAsync(folder, "evaluate", "--model", model.Path, "--data", TestFiles.Validation)).Expect(0);
        string[] metrics = [.. SentimentMetric.Overall.Select(metric => metric.Name(ReportLanguage.English)),
            .. SentimentMetric.PerLabel.Select(metric => metric.Name(ReportLanguage.English))];
        foreach (string word in (string[])[.. metrics, "negative", "positive"])
            Assert.Contains(word, result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("torch", "int8", 0.97)]
    [InlineData("onnx", "Float32", 1)] // what the library calls fp32
    [InlineData("onnx", "INT8", 0.97)]
    public async Task Every_engine_and_precision_can_be_measured(string engine, string precision, double least)
    {
        using var folder = new TemporaryFolder();
        string[] evaluate = ["evaluate", "--model", model.Path, "--data", TestFiles.Validation, "--json"];
        JsonNode exact = (await ToolProcess.RunAsync(folder, [.. evaluate, "--precision", "fp32"])).Expect(0).Json;
        JsonNode figures = (await ToolProcess.RunAsync(folder, [.. evaluate, "--engine", engine, "--precision", precision])).Expect(0).Json;
        Assert.Equal((int)exact["rows"]!, (int)figures["rows"]!);
        Assert.InRange((double)figures["accuracy"]!, (double)exact["accuracy"]! - (1 - least), (double)exact["accuracy"]! + (1 - least));
        Assert.NotEqual(exact["made"]!["options"]!["engine"]!.ToString(), figures["made"]!["options"]!["engine"]!.ToString());
    }
}
