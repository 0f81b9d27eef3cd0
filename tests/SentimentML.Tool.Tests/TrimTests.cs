using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

public sealed class TrimTests
{
    [Fact]
    public async Task The_trimmed_model_is_smaller_and_predicts_the_same_on_the_texts()
    {
        using var folder = new TemporaryFolder();
        folder.With("texts.csv", "text\nLa mesa tiene las patas bonitas\nNo funciona y nadie contesta\n");
        JsonNode result = (await ToolProcess.RunAsync(
            folder, "trim", "--model", TestFiles.TinyClassifier, "--texts", "texts.csv", "--output", "small", "--json")).Expect(0).Json;
        Assert.Equal((2, 2), ((int)result["texts"]!, (int)result["unchanged_texts"]!));
        foreach (string what in (string[])["vocabulary", "parameters", "bytes"])
            Assert.True((long)result[what]!["after"]! < (long)result[what]!["before"]!, $"{what}: {result}");

        string[] answers = [.. await Task.WhenAll(((string[])[TestFiles.TinyClassifier, "small"]).Select(async model =>
            (await ToolProcess.RunAsync(folder, "predict", "--model", model, "--input", "texts.csv", "--logits", "--precision", "fp32")).Expect(0).Output))];
        Assert.Equal(answers[0], answers[1]);
        (await ToolProcess.RunAsync(folder, "trim", "--model", TestFiles.TinyClassifier, "--texts", "texts.csv", "--output", "small"))
            .ExpectFailure("not empty");
    }

    [Fact]
    public async Task A_model_with_an_adapter_beside_its_weights_is_not_trimmed_without_it()
    {
        using var folder = new TemporaryFolder();
        folder.With("texts.csv", "text\nBueno\n");
        Directory.CreateDirectory(folder.At("model"));
        foreach (string file in Directory.EnumerateFiles(TestFiles.TinyClassifier))
            File.Copy(file, folder.At("model", Path.GetFileName(file)));
        folder.With(Path.Combine("model", "adapter_config.json"), """{"peft_type": "LORA", "r": 2, "lora_alpha": 4}""");
        (await ToolProcess.RunAsync(folder, "trim", "--model", "model", "--texts", "texts.csv", "--output", "small"))
            .ExpectFailure("has an adapter beside its weights");
        Assert.False(Directory.Exists(folder.At("small")));
    }
}
