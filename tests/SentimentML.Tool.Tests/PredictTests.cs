using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

public sealed class PredictTests(TrainedModel model)
{
    [Fact]
    public async Task Every_row_gets_a_line_in_the_files_order()
    {
        // Lengths mixed, so that batches are put together in another order than the file's.
        string[] texts = [.. Enumerable.Range(0, 1500).Select(i => $"{i} " + string.Join(' ', Enumerable.Repeat("muy bueno", i * 7 % 13)))];
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", "text,stars\n" + string.Concat(texts.Select((text, i) => $"{text},{i % 5 + 1}\n")));
        ToolResult result = (await ToolProcess.RunAsync(folder, "predict", "--model", model.Path, "--input", "reviews.csv")).Expect(0);
        Assert.Equal(texts, result.Lines.Select(line => line["text"]!.ToString()));
    }

    [Fact]
    public async Task Rows_that_training_would_refuse_get_a_line_too()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", "text,stars\nregular,3\nbueno,\n\"\",5\nmalo,abc\n");
        ToolResult result = (await ToolProcess.RunAsync(folder, "predict", "--model", model.Path, "--input", "reviews.csv")).Expect(0);
        Assert.Equal(["regular", "bueno", "", "malo"], result.Lines.Select(line => line["text"]!.ToString()));
        Assert.Equal(["3", "", "5", "abc"], result.Lines.Select(line => line["stars"]!.ToString()));
    }

    [Fact]
    public async Task A_line_says_text_label_score_and_probabilities_and_logits_when_asked()
    {
        using var folder = new TemporaryFolder();
        JsonNode plain = Assert.Single((await ToolProcess.RunAsync(folder, "predict", "--model", model.Path, "--text", "las patas")).Expect(0).Lines);
        Assert.Equal(["text", "label", "score", "probabilities", "sentiment"], plain.AsObject().Select(p => p.Key));
        JsonNode line = Assert.Single(
            (await ToolProcess.RunAsync(folder, "predict", "--model", model.Path, "--text", "las patas", "--logits")).Expect(0).Lines);
        Dictionary<string, double> probabilities = line["probabilities"]!.AsObject().ToDictionary(p => p.Key, p => (double)p.Value!);
        double[] logits = [.. line["logits"]!.AsArray().Select(logit => (double)logit!)];

        Assert.Equal(["negative", "positive"], probabilities.Keys);
        Assert.Equal(1, probabilities.Values.Sum(), 1e-6);
        Assert.Equal(probabilities.MaxBy(p => p.Value).Key, line["label"]!.ToString());
        Assert.Equal(probabilities.Values.Max(), (double)line["score"]!);
        Assert.Equal(Math.Log(probabilities["positive"] / probabilities["negative"]), logits[1] - logits[0], 1e-5);
    }

    [Fact]
    public async Task Calibrated_probabilities_are_those_of_the_saved_temperature()
    {
        double temperature = (double)JsonNode.Parse(File.ReadAllText(Path.Combine(model.Path, "sentimentml.json")))!["temperature"]!;
        using var folder = new TemporaryFolder();
        JsonNode line = Assert.Single(
            (await ToolProcess.RunAsync(folder, "predict", "--model", model.Path, "--text", "las patas", "--logits", "--calibrated")).Expect(0).Lines);
        double lead = ((double)line["logits"]![1]! - (double)line["logits"]![0]!) / temperature;
        Assert.Equal(1 / (1 + Math.Exp(-lead)), (double)line["probabilities"]!["positive"]!, 1e-6);

        (await ToolProcess.RunAsync(folder, "predict", "--model", TestFiles.TinyClassifier, "--text", "las patas", "--calibrated"))
            .ExpectFailure(TestFiles.TinyClassifier, "no temperature", "validation set");
    }

    [Fact]
    public async Task A_line_says_whether_it_is_unsure_when_asked()
    {
        using var folder = new TemporaryFolder();
        JsonNode[] all = (await ToolProcess.RunAsync(folder, "predict", "--model", model.Path, "--input", TestFiles.Validation)).Expect(0).Lines;
        double[] scores = [.. all.Select(line => (double)line["score"]!).Distinct().Order()];
        double middle = (scores[scores.Length / 2] + scores[scores.Length / 2 - 1]) / 2; // no row's own: a score has fewer digits as text
        JsonNode[] lines = (await ToolProcess.RunAsync(
            folder, "predict", "--model", model.Path, "--input", TestFiles.Validation, "--columns", "none", "--unsure-below",
            middle.ToString("R", System.Globalization.CultureInfo.InvariantCulture))).Expect(0).Lines;
        Assert.Equal(["text", "label", "score", "unsure", "probabilities", "sentiment"], lines[0].AsObject().Select(p => p.Key));
        Assert.All(lines, line => Assert.Equal((double)line["score"]! < middle, (bool)line["unsure"]!));
        Assert.Equal(2, lines.Select(line => (bool)line["unsure"]!).Distinct().Count());
    }

    [Theory]
    [InlineData("@ñandú: «qué» \"bonito\" ¡ÁÉÍ!")]
    [InlineData("-malo --peor")]
    [InlineData("")]
    public async Task A_text_is_taken_and_given_back_as_it_is(string text)
    {
        using var folder = new TemporaryFolder();
        ToolResult result = (await ToolProcess.RunAsync(folder, "predict", "--model", model.Path, "--text", text)).Expect(0);
        Assert.Equal(text, Assert.Single(result.Lines)["text"]!.ToString());
        Assert.Contains(text.Replace("\"", "\\\"", StringComparison.Ordinal), result.Output, StringComparison.Ordinal); // letters are not escaped
    }

    [Fact]
    public async Task Each_text_gets_a_line_whether_it_is_an_argument_or_an_options_value()
    {
        using var folder = new TemporaryFolder();
        JsonNode[] lines = (await ToolProcess.RunAsync(folder, "predict", "muy bueno", "-malo", "--model", model.Path, "--text", "", "regular"))
            .Expect(0).Lines;
        Assert.Equal(["muy bueno", "-malo", "", "regular"], lines.Select(line => line["text"]!.ToString()));
        Assert.Equal([null, null, true, null], lines.Select(line => (bool?)line["missing_text"]));
        ToolResult file = (await ToolProcess.RunAsync(folder, "predict", TestFiles.Validation)).Expect(2);
        Assert.Contains($"--input {TestFiles.Validation}", file.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_gives_the_same_probabilities_in_another_process_and_to_the_library()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["predict", "--model", model.Path, "--input", TestFiles.Validation];
        JsonNode[] first = (await ToolProcess.RunAsync(folder, arguments)).Expect(0).Lines;
        JsonNode[] second = (await ToolProcess.RunAsync(folder, arguments)).Expect(0).Lines;
        Assert.Equal(first.Select(line => line.ToJsonString()), second.Select(line => line.ToJsonString()));

        using var classifier = SentimentClassifier.Load(model.Path);
        IEnumerable<float> own = classifier.Classify(first.Select(line => line["text"]!.ToString()), TestContext.Current.CancellationToken)
            .SelectMany(p => p.Probabilities);
        Assert.Equal(own, first.SelectMany(line => line["probabilities"]!.AsObject().Select(p => (float)p.Value!)));
    }

    [Fact]
    public async Task An_output_file_appears_whole_or_keeps_what_it_was()
    {
        using var folder = new TemporaryFolder();
        folder.With("good.csv", "text\nbueno\nmalo\n").With("bad.csv", [.. "text\nbueno\nma"u8, 0xFF, .. "lo\n"u8]);
        ToolResult written = (await ToolProcess.RunAsync(folder, "predict", "--model", model.Path, "--input", "good.csv", "--output", "out.jsonl")).Expect(0);
        Assert.Empty(written.Output);
        string before = folder.Read("out.jsonl");
        Assert.Equal(["bueno", "malo"], JsonLines.Parse(before).Select(line => line["text"]!.ToString()));

        (await ToolProcess.RunAsync(folder, "predict", "--model", model.Path, "--input", "bad.csv", "--output", "out.jsonl"))
            .ExpectFailure(folder.At("bad.csv"), "line 3");
        Assert.Equal(before, folder.Read("out.jsonl"));
        Assert.Equal(["bad.csv", "good.csv", "out.jsonl"], folder.Names);
    }
}
