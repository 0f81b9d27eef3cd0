using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

public sealed class TrainTests(TrainedModel model)
{
    [Fact]
    public void A_whole_model_folder_is_written_and_nothing_beside_it()
    {
        Assert.Equal(["log.jsonl", "model", "validation.jsonl"], model.Names);
        Assert.Equal(["README.md", "config.json", "merges.txt", "model.safetensors", "sentimentml.json", "special_tokens_map.json", "tokenizer.json",
            "tokenizer_config.json", "vocab.json"],
            Directory.EnumerateFiles(model.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Max_rows_counts_the_rows_that_have_a_label()
    {
        Assert.Contains(File.ReadLines(TestFiles.Train).Take(TrainedModel.Rows), line => (int)JsonNode.Parse(line)!["stars"]! == 3);
        Assert.Equal(TrainedModel.Rows, (int)Card(model.Path)["training"]!["rows"]!);
    }

    [Fact]
    public async Task Max_rows_are_a_fair_draw_from_a_sorted_file_and_its_first_rows_without_shuffling()
    {
        using var folder = new TemporaryFolder();
        folder.With("sorted.csv", "text,stars\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"reseña {i},{i / 40 + 1}\n")));
        await TrainAsync(folder, "sorted.csv", "--max-rows", "60", "--output", "drawn");
        Assert.Equal(60, (int)Card(folder.At("drawn"))["training"]!["rows"]!);
        (await ToolProcess.RunAsync(
            folder, "train", "--train", "sorted.csv", "--backbone", TestFiles.TinyBackbone, "--output", "first", "--max-rows", "60", "--no-shuffle"))
            .ExpectFailure("all 60 rows", "'negative'");
    }

    /// <summary>The training starts from the ready model, which is an adapter itself; a process that knows no more than the folder opens both.</summary>
    [Fact]
    public async Task A_saved_adapter_of_the_embedded_backbone_answers_as_the_model_does()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", "text,stars\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"Muy mala {i},1\nMuy buena {i},5\n")));
        await TrainAsync(folder, "reviews.csv", "--backbone", "small", "--lora-rank", "2", "--save-adapter", "adapter");
        string[] probabilities = await Task.WhenAll(((string[])["model", "adapter"]).Select(async model =>
            (await ToolProcess.RunAsync(folder, "predict", "--model", model, "--precision", "float32", "--text", "La pantalla es buena")).Expect(0).Output));
        double[] positive = [.. probabilities.Select(line => (double)JsonNode.Parse(line)!["probabilities"]!["positive"]!)];
        Assert.Equal(positive[0], positive[1], 1e-4);
    }

    [Fact]
    public void The_log_has_a_line_a_step()
    {
        JsonNode[] steps = JsonLines.Parse(model.Log);
        Assert.Equal(Enumerable.Range(1, TrainedModel.Steps), steps.Select(step => (int)step["step"]!));
        Assert.Equal((double)TrainedModel.Epochs, (double)steps[^1]["epoch"]!, 1e-9);
        Assert.All(steps, step => Assert.Equal(["step", "epoch", "loss", "learning_rate", "grad_norm"], step.AsObject().Select(p => p.Key)));
        Assert.Equal(1e-3, (double)steps[0]["learning_rate"]!, 1e-12);
        Assert.All(steps, step => Assert.True((double)step["loss"]! > 0 && (double)step["grad_norm"]! > 0, step.ToJsonString()));
    }

    [Fact]
    public void Results_go_to_standard_output_and_the_rest_to_standard_error()
    {
        Assert.Contains("accuracy", model.Training.Output, StringComparison.Ordinal);
        Assert.Contains($"The model is in {model.Path}", model.Training.Output, StringComparison.Ordinal);
        Assert.Matches(@"Epoch \d is kept \(accuracy \d\.\d{4}\)\.", model.Training.Output);
        Assert.Contains("learning rate 1e-3 (as set)", model.Training.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', model.Training.Error); // no bar where nobody looks
    }

    [Fact]
    public async Task Text_labels_of_any_names_are_learned_in_their_order()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv",
            "text,label\n" + string.Concat(Enumerable.Range(0, 8).Select(i => $"muy bueno {i},elogio\nmuy malo {i},queja\nregular {i},duda\n")));
        await TrainAsync(folder, "reviews.csv");
        Assert.Equal(["duda", "elogio", "queja"], Labels(folder));
    }

    [Fact]
    public async Task Three_stars_can_be_a_class()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", "text,stars\n" + string.Concat(Enumerable.Range(0, 8).Select(i => $"bueno {i},5\nmalo {i},1\nregular {i},3\n")));
        await TrainAsync(folder, "reviews.csv", "--neutral-class");
        Assert.Equal(["negative", "neutral", "positive"], Labels(folder));
        Assert.Equal(24, (int)Card(folder.At("model"))["training"]!["rows"]!);
    }

    [Fact]
    public async Task Labels_from_0_to_4_are_stars_with_an_offset()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.tsv", "text\tlabel\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"reseña {i}\t{i % 5}\n")));
        await TrainAsync(folder, "reviews.tsv", "--stars-column", "label", "--stars-offset", "1");
        Assert.Equal(["negative", "positive"], Labels(folder));
        Assert.Equal(8, (int)Card(folder.At("model"))["training"]!["rows"]!);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.jsonl", TestFiles.Head(TestFiles.Train, 30));
        foreach ((string output, string seed) in ((string, string)[])[("a", "7"), ("b", "7"), ("c", "8")])
            await TrainAsync(folder, "reviews.jsonl", "--seed", seed, "--output", output);
        byte[] Weights(string output) => File.ReadAllBytes(folder.At($"{output}/model.safetensors"));
        Assert.Equal(Weights("a"), Weights("b"));
        Assert.NotEqual(Weights("a"), Weights("c"));
    }

    [Fact]
    public async Task A_folder_that_is_no_model_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        folder.With("thesis/README.md", "three years of work");
        (await ToolProcess.RunAsync(folder, "train", "--train", TestFiles.Train, "--output", "thesis")).ExpectFailure(folder.At("thesis"), "no model");
        Assert.Equal("three years of work", folder.Read("thesis/README.md"));
    }

    [Fact]
    public async Task A_value_out_of_range_is_named()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = (await ToolProcess.RunAsync(
            folder, "train", "--train", TestFiles.Train, "--output", "model", "--batch-size", "0", "--label-smoothing", "1")).Expect(2);
        Assert.Contains("--batch-size is 0", result.Error, StringComparison.Ordinal);
        Assert.Contains("--label-smoothing is 1", result.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    private static async Task TrainAsync(TemporaryFolder folder, string file, params string[] more)
    {
        string[] output = more.Contains("--output") ? [] : ["--output", "model"];
        string[] backbone = more.Contains("--backbone") ? [] : ["--backbone", TestFiles.TinyBackbone];
        (await ToolProcess.RunAsync(folder, ["train", "--train", file, "--epochs", "1", .. backbone, .. output, .. more])).Expect(0);
    }

    private static JsonNode Card(string model) => JsonNode.Parse(File.ReadAllText(Path.Combine(model, "sentimentml.json")))!;

    private static IEnumerable<string> Labels(TemporaryFolder folder) =>
        JsonNode.Parse(folder.Read("model/config.json"))!["id2label"]!.AsObject().OrderBy(pair => int.Parse(pair.Key)).Select(pair => pair.Value!.ToString());
}
