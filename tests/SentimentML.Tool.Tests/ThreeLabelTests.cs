using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>Unbalanced short texts with three labels, through the commands with nothing but file names and the backbone.</summary>
public sealed partial class ThreeLabelTests(ThreeLabelTests.Trained trained) : IClassFixture<ThreeLabelTests.Trained>
{
    private readonly TemporaryFolder _folder = trained.Folder;

    [Fact]
    public async Task Train_evaluate_and_report_work_and_macro_f1_is_what_the_summary_talks_about()
    {
        JsonNode config = JsonNode.Parse(_folder.Read("model/config.json"))!;
        Assert.Equal(["negative", "neutral", "positive"], config["id2label"]!.AsObject().Select(pair => pair.Value!.ToString()));

        JsonNode json = (await ToolProcess.RunAsync(
            _folder, "evaluate", "--model", "model", "--data", "validation.csv", "--train", "train.csv", "--report", "report.html", "--json")).Expect(0).Json;
        Assert.Equal("macro_f1", json["headline"]!.ToString());
        Assert.Equal(120, (int)json["rows"]!);
        Assert.Equal(120, json["per_label"]!.AsObject().Sum(label => (int)label.Value!["rows"]!));
        Assert.Equal("model", json["calibrated"]!["temperature_from"]!.ToString());
        string macro = ((double)json["macro_f1"]!).ToString("0.000", CultureInfo.InvariantCulture);
        Assert.Contains($"macro-F1 is what counts, where every class weighs the same: {macro}", json["summary"]!["en"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains($"cuenta la macro-F1, en la que cada clase pesa lo mismo: {macro.Replace('.', ',')}", json["summary"]!["es"]!.ToString(),
            StringComparison.Ordinal);
        string page = _folder.Read("report.html");
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Contains(macro.Replace('.', ','), page, StringComparison.Ordinal);
        foreach (string label in (string[])["negative", "neutral", "positive"])
            Assert.Contains(label, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_terminals_tables_have_room_for_three_labels()
    {
        ToolResult result = (await ToolProcess.RunAsync(_folder, "evaluate", "--model", "model", "--data", "validation.csv")).Expect(0);
        foreach (string row in (string[])[@"negative +│ +\d+ │", @"neutral +│ +\d+ │", @"positive +│ +\d+ │", "as neutral"])
            Assert.True(Regex.IsMatch(result.Output, row), $"no line like '{row}' in\n{result.Output}");
        Assert.All(result.Output.Split('\n').Where(line => line.Contains('│')), line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    [Fact]
    public async Task Compare_shows_every_model_with_its_intervals_and_says_what_counts()
    {
        ToolResult table = (await ToolProcess.RunAsync(
            _folder, "compare", "--train", "train.csv", "--validation", "validation.csv", "--backbone", TestFiles.TinyBackbone)).Expect(0);
        foreach (string name in (string[])["FeaturizeText + SDCA", "FastTree", "n-grams + L-BFGS", "tiny_mlm", "n-grams + tiny_mlm"])
            Assert.Contains(name, table.Output, StringComparison.Ordinal);
        Assert.Contains("The classes are unbalanced, so macro-F1 is what counts", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(TestFiles.TinyBackbone, table.Output, StringComparison.Ordinal);
        Assert.All(table.Output.Split('\n').Where(line => line.Contains('│')), line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    [Fact]
    public async Task A_comparison_goes_into_the_report_with_its_figures()
    {
        JsonArray models = (await ToolProcess.RunAsync(
            _folder, "compare", "--train", "train.csv", "--validation", "validation.csv", "--backbone", TestFiles.TinyBackbone, "--max-rows", "90", "--json"))
            .Expect(0).Json.AsArray();
        Assert.Equal(8, models.Count);
        Assert.All(models, model =>
        {
            foreach (string figure in (string[])["accuracy", "macro_f1"])
                Assert.True((double)model![figure + "_low"]! <= (double)model[figure]!
                    && (double)model[figure]! <= (double)model[figure + "_high"]!, model.ToJsonString());
            Assert.True((double)model!["train_seconds"]! > 0 && (double)model["rows_per_second"]! > 0 && (long)model["size_bytes"]! > 0, model.ToJsonString());
        });
        _folder.With("compare.json", models.ToJsonString());
        JsonNode json = (await ToolProcess.RunAsync(
            _folder, "evaluate", "--model", "model", "--data", "validation.csv", "--baselines", "compare.json", "--report", "report.html", "--json"))
            .Expect(0).Json;
        Assert.Equal(models.Select(model => model!["name"]!.ToString()), json["baselines"]!.AsArray().Select(model => model!["name"]!.ToString()));
        Assert.Contains("n-grams + tiny_mlm", _folder.Read("report.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_counts_the_labels()
    {
        JsonNode json = (await ToolProcess.RunAsync(_folder, "inspect", "train.csv", "--json")).Expect(0).Json;
        Assert.Equal(["negative", "positive", "neutral"], json["labels"]!.AsObject().Select(label => label.Key));
        Assert.Equal(240, json["labels"]!.AsObject().Sum(label => (int)label.Value!));
        Assert.Empty(json["stars"]!.AsObject());
    }

    [Fact]
    public void The_model_card_tells_the_hub_what_the_kept_weights_are_worth()
    {
        string card = _folder.Read("model/README.md");
        JsonNode made = JsonNode.Parse(_folder.Read("model/sentimentml.json"))!;
        JsonNode best = made["evaluations"]!.AsArray().Where(e => (int)e!["step"]! > 0).MaxBy(e => (double)e!["accuracy"]!)!;

        string[] parts = card.Split("---\n", 3);
        Assert.True(parts.Length == 3 && parts[0].Length == 0, "no metadata block at the start of\n" + card);
        string metadata = parts[1];
        foreach (string line in (
            string[])["language: es", "pipeline_tag: text-classification", "library_name: transformers", "model-index:", "      type: text-classification",
            "      split: validation"])
            Assert.True(metadata.Split('\n').Contains(line), $"no line '{line}' in\n{metadata}");
        Assert.DoesNotContain("\nlicense:", metadata, StringComparison.Ordinal); // the owner's to give
        Dictionary<string, double> metrics = Metric().Matches(metadata)
            .ToDictionary(m => m.Groups["type"].Value, m => double.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture));
        Assert.Equal((double)best["accuracy"]!, metrics["accuracy"], 1e-6);
        Assert.Equal((double)best["macro_f1"]!, metrics["f1"], 1e-6);
        Assert.Equal((double)best["loss"]!, metrics["loss"], 1e-6);
        Assert.Contains($"temperature {((double)made["temperature"]!).ToString("0.####", CultureInfo.InvariantCulture)}", card, StringComparison.Ordinal);
        Assert.Contains("Labels: negative, neutral, positive.", card, StringComparison.Ordinal);
    }

    /// <summary>As files come: with a byte order mark, Windows' line ends, spaces, other separators, numbers or words of another language for labels.</summary>
    [Theory]
    [InlineData("tsv", "\t", "\r\n", true, "negativo", "neutro", "positivo")]
    [InlineData("csv", ";", "\r\n", false, "malo", "normal", "bueno")]
    [InlineData("csv", ",", "\n", true, "0", "1", "2")]
    [InlineData("csv", ", ", "\n", false, "-1", "0", "1")]
    [InlineData("jsonl", "", "\n", false, "negativa", "neutra", "positiva")]
    public async Task Files_of_many_makes_are_read_without_a_word_about_them(
        string extension, string separator, string lineEnd, bool mark, params string[] labels)
    {
        using var folder = new TemporaryFolder();
        foreach ((string name, int count, int seed) in ((string, int, int)[])[("train", 60, 3), ("validation", 40, 4)])
        {
            IEnumerable<string> lines = extension == "jsonl"
                ? ShortTexts.Rows(count, seed, labels).Select(row => new JsonObject { ["text"] = row.Text, ["label"] = row.Label }.ToJsonString())
                : ShortTexts.Rows(count, seed, labels)
                    .Select(row => $"{row.Text.Replace("\"", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal)}{separator}{row.Label}")
                    .Prepend($"text{separator}label");
            folder.With($"{name}.{extension}",
                [.. mark ? Encoding.UTF8.GetPreamble() : [], .. Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + lineEnd)))]);
        }
        (await ToolProcess.RunAsync(
            folder, "train", "--train", $"train.{extension}", "--backbone", TestFiles.TinyBackbone, "--output", "model", "--epochs", "1")).Expect(0);
        JsonNode json = (await ToolProcess.RunAsync(folder, "evaluate", "--model", "model", "--data", $"validation.{extension}", "--json")).Expect(0).Json;
        Assert.Equal(labels.Order(StringComparer.Ordinal), json["labels"]!.AsArray().Select(label => label!.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(40, (int)json["rows"]!);
        Assert.Equal("macro_f1", json["headline"]!.ToString());
    }

    /// <summary>A folder with the two files and the model, trained once.</summary>
    public sealed class Trained : IAsyncLifetime
    {
        internal TemporaryFolder Folder { get; } = new();

        public async ValueTask InitializeAsync()
        {
            Folder.With("train.csv", ShortTexts.Csv(ShortTexts.Rows(240, seed: 1))).With("validation.csv", ShortTexts.Csv(ShortTexts.Rows(120, seed: 2)));
            (await ToolProcess.RunAsync(
                Folder, "train", "--train", "train.csv", "--validation", "validation.csv", "--backbone", TestFiles.TinyBackbone, "--output", "model"))
                .Expect(0);
        }

        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    [GeneratedRegex(@"- type: (?<type>\S+)\n      name: [^\n]+\n      value: (?<value>\S+)")]
    private static partial Regex Metric();
}
