using System.Text;
using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>Models that others fine-tuned, measured on a user's rows whatever their labels are called.</summary>
public sealed class ReadyModelTests
{
    private const string Stars = "text,stars\nMe gustó mucho.,5\nRegular.,3\n\"No funciona, lo he devuelto.\",1\nEstá bien.,4\nFatal.,2\n";
    private const string Labels =
        "text,label\nMe gustó mucho.,positivo\nRegular.,neutro\n\"No funciona, lo he devuelto.\",negativo\nEstá bien.,positivo\nFatal.,negativo\n";
    private const string Stated = "LABEL_0=negative,LABEL_1=positive";

    [Theory]
    [InlineData("bert_uncased", "negative, neutral, positive", "negative, neutral, positive")]
    [InlineData("robertuito", "negative, neutral, positive", "negative, neutral, positive")]
    [InlineData("distilbert", "positive, neutral, negative", "negative, neutral, positive")] // stars match its labels by name, which keeps the model's order
    public async Task A_model_is_measured_on_stars_and_on_labels_by_what_its_own_labels_say(string family, string onStars, string onLabels)
    {
        using var folder = new TemporaryFolder();
        folder.With("stars.csv", Stars).With("labels.csv", Labels);
        string model = Shared.Path("golden", "families", family, "classifier");
        JsonNode[] lines = (await ToolProcess.RunAsync(folder, "predict", "--model", model, "--input", "stars.csv")).Expect(0).Lines;
        string[] right = ["positive", "neutral", "negative", "positive", "negative"];
        foreach ((string data, string labels) in ((string, string)[])[("stars.csv", onStars), ("labels.csv", onLabels)])
        {
            JsonNode figures = (await ToolProcess.RunAsync(folder, "evaluate", "--model", model, "--data", data, "--json")).Expect(0).Json;
            Assert.Equal((data, labels), (data, string.Join(", ", figures["labels"]!.AsArray().Select(label => label!.ToString()))));
            Assert.Equal(5, (int)figures["rows"]!);
            Assert.Equal(lines.Zip(right).Count(row => row.First["sentiment"]!.ToString() == row.Second) / 5.0, (double)figures["accuracy"]!, 1e-12);
        }
    }

    [Theory]
    [InlineData("torch")]
    [InlineData("onnx")]
    public async Task Labels_that_say_nothing_are_stated_on_the_command_line(string engine)
    {
        using var folder = new TemporaryFolder();
        folder.With("stars.csv", Stars).With("colours.csv", "text,label\nbueno,verde\nmalo,rojo\n");
        string[] evaluate = ["evaluate", "--model", TestFiles.TinyClassifier, "--engine", engine, "--json"];
        (await ToolProcess.RunAsync(folder, [.. evaluate, "--data", "stars.csv"])).ExpectFailure("LABEL_0, LABEL_1", "--labels \"LABEL_0=?,LABEL_1=?\"");
        JsonNode figures = (await ToolProcess.RunAsync(folder, [.. evaluate, "--data", "stars.csv", "--labels", Stated])).Expect(0).Json;
        Assert.Equal((4, 1), ((int)figures["rows"]!, (int)figures["rows_left_out"]!));
        figures = (await ToolProcess.RunAsync(folder, [.. evaluate, "--data", "colours.csv", "--labels", Stated + ",rojo=negative,verde=positive"]))
            .Expect(0).Json;
        Assert.Equal(2, (int)figures["rows"]!);
        Assert.Equal(1, (int)figures["per_label"]!["positive"]!["rows"]!);
    }

    /// <summary>A name without an owner, as the hub's first models have, and one that may be a folder of the machine that trained the adapter.</summary>
    [Theory]
    [InlineData("roberta-base", null, "'roberta-base' (revision main)")]
    [InlineData("results/checkpoint-500", "v2", "'results/checkpoint-500' (revision v2)")]
    public async Task An_adapter_alone_asks_the_hub_for_its_model_and_says_where_the_name_comes_from(string model, string? revision, string asked)
    {
        using var folder = new TemporaryFolder();
        folder.With("adapter/adapter_config.json", new JsonObject
        {
            ["peft_type"] = "LORA", ["r"] = 2, ["lora_alpha"] = 4, ["base_model_name_or_path"] = model, ["revision"] = revision,
        }.ToJsonString());
        (await ToolProcess.RunAsync(folder, ["predict", "--model", "adapter", "--text", "Bueno"], [], ("HF_HUB_OFFLINE", "1"), ("HF_HOME", folder.Path)))
            .ExpectFailure($"is an adapter of '{model}', which is not a folder here, so it was looked up on the hub", asked, "copy the adapter's files");
    }

    /// <summary>A repository with an adapter alone, and that of its model, as the hub's cache holds them.</summary>
    [Fact]
    public async Task An_adapter_is_opened_by_the_id_of_its_repository_over_its_model_s()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(TestFiles.TinyClassifier))
            Cached("base", Path.GetFileName(file), File.ReadAllBytes(file));
        foreach ((string name, string model) in (ReadOnlySpan<(string, string)>)[("adapter", "org/base"), ("itself", "org/itself")])
        {
            Cached(name, "adapter_config.json", Encoding.UTF8.GetBytes($$"""{"peft_type": "LORA", "r": 1, "lora_alpha": 1, "base_model_name_or_path": "{{model}}"}"""));
            Cached(name, "adapter_model.safetensors", Safetensors("base_model.model.classifier.out_proj.bias", [0f, 100f]));
        }
        JsonNode answer = (await PredictAsync("org/adapter")).Expect(0).Json;
        Assert.Equal("LABEL_1", answer["label"]!.ToString());
        (await PredictAsync("org/itself")).ExpectFailure("is an adapter of 'org/itself', without the model that it changes");

        void Cached(string name, string file, byte[] content) => folder
            .With($"hub/models--org--{name}/refs/main", Encoding.ASCII.GetBytes(new string('a', 40)))
            .With($"hub/models--org--{name}/snapshots/{new string('a', 40)}/{file}", content);

        Task<ToolResult> PredictAsync(string model) => ToolProcess.RunAsync(folder, ["predict", "--model", model, "--device", "cpu", "--text", "Bueno"], [],
            ("HF_HUB_OFFLINE", "1"), ("HF_HOME", folder.Path), ("HF_HUB_CACHE", ""));
    }

    [Fact]
    public async Task Labels_of_the_file_alone_can_be_stated()
    {
        using var folder = new TemporaryFolder();
        folder.With("colours.csv", "text,label\nbueno,verde\nmalo,rojo\nregular,gris\nbonito,Positivo\n");
        string model = Shared.Path("golden", "families", "robertuito", "classifier");
        JsonNode figures = (await ToolProcess.RunAsync(
            folder, "evaluate", "--model", model, "--data", "colours.csv", "--labels", "rojo=negative,gris=neutral,verde=positive", "--json")).Expect(0).Json;
        Assert.Equal(4, (int)figures["rows"]!);
        Assert.Equal(2, (int)figures["per_label"]!["positive"]!["rows"]!);
    }

    [Fact]
    public async Task Stated_labels_that_neither_the_model_nor_the_file_has_are_reported()
    {
        using var folder = new TemporaryFolder();
        folder.With("stars.csv", Stars).With("labels.csv", Labels);
        string[] stated = ["--model", TestFiles.TinyClassifier, "--labels", "NEG=negative,POS=positive"];
        (await ToolProcess.RunAsync(folder, ["predict", .. stated, "--text", "bueno"]))
            .ExpectFailure("--labels names NEG, POS, expected at least one label of the model (LABEL_0, LABEL_1).");
        (await ToolProcess.RunAsync(folder, ["evaluate", .. stated, "--data", "stars.csv"]))
            .ExpectFailure("--labels names NEG, POS, expected at least one label of the model (LABEL_0, LABEL_1).");
        (await ToolProcess.RunAsync(folder, ["evaluate", .. stated, "--data", "labels.csv"]))
            .ExpectFailure("--labels names NEG, POS", "labels.csv (LABEL_0, LABEL_1, positivo, neutro, negativo).");
        (await ToolProcess.RunAsync(folder, ["compare", .. stated, "--model", TestFiles.TinyClassifier, "--validation", "stars.csv"]))
            .ExpectFailure("--labels names NEG, POS", "a model (LABEL_0, LABEL_1).");
    }

    [Fact]
    public async Task Compare_puts_ready_models_side_by_side_on_the_rows_that_all_can_answer()
    {
        using var folder = new TemporaryFolder();
        folder.With("stars.csv", Stars);
        string[] models = [Shared.Path("golden", "families", "bert_uncased", "classifier"), Shared.Path("golden", "families", "robertuito", "classifier"),
            TestFiles.TinyClassifier];
        string[] compare = ["compare", "--validation", "stars.csv", "--labels", Stated, .. models.SelectMany(model => (string[])["--model", model])];

        ToolResult json = (await ToolProcess.RunAsync(folder, [.. compare, "--json"])).Expect(0);
        JsonNode[] figures = [.. json.Json.AsArray().Select(model => model!)];
        Assert.Equal(models, figures.Select(model => model["name"]!.ToString())); // two are called 'classifier', so all have their full names
        Assert.Contains("1 rows have a label that not all of the models can answer", json.Error, StringComparison.Ordinal);
        Assert.All(figures, model =>
        {
            foreach (string figure in (string[])["accuracy", "macro_f1"])
                Assert.True((double)model[figure + "_low"]! <= (double)model[figure]!
                    && (double)model[figure]! <= (double)model[figure + "_high"]!, model.ToJsonString());
            Assert.True((double)model["rows_per_second"]! > 0 && (long)model["size_bytes"]! > 0, model.ToJsonString());
            Assert.True(model.AsObject().ContainsKey("train_seconds") && model["train_seconds"] is null, model.ToJsonString());
        });
        JsonNode[] lines = (await ToolProcess.RunAsync(folder, "predict", "--model", models[0], "--input", "stars.csv")).Expect(0).Lines;
        string[] right = ["positive", "", "negative", "positive", "negative"];
        Assert.Equal(lines.Zip(right).Count(row => row.First["sentiment"]!.ToString() == row.Second) / 4.0, (double)figures[0]["accuracy"]!, 1e-12);

        ToolResult table = (await ToolProcess.RunAsync(folder, compare)).Expect(0);
        Assert.Equal(2, table.Output.Split("McNemar p").Length - 1);
        Assert.DoesNotContain("train s", table.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compare", "--validation", "v.csv")]
    [InlineData("compare", "--validation", "v.csv", "--model", "m", "--train", "t.csv")]
    [InlineData("compare", "--validation", "v.csv", "--train", "t.csv", "--labels", "NEG=negative")]
    [InlineData("compare", "--validation", "v.csv", "--model", "m", "--max-rows", "9")]
    [InlineData("compare", "--validation", "v.csv", "--model", "m", "--backbone", "mini")]
    public async Task Ready_models_are_not_trained(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        (await ToolProcess.RunAsync(folder, arguments)).Expect(2);
    }

    private static byte[] Safetensors(string name, float[] values)
    {
        byte[] header = Encoding.UTF8.GetBytes(
            new JsonObject { [name] = new JsonObject { ["dtype"] = "F32", ["shape"] = new JsonArray(values.Length),
                ["data_offsets"] = new JsonArray(0, values.Length * sizeof(float)) } }.ToJsonString());
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. values.SelectMany(BitConverter.GetBytes)];
    }
}
