using System.IO.Compression;
using System.Text;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>Bad files: each fault is reported with the file, the line if it has one, and what was expected; nothing is written.</summary>
public sealed class BadInputTests
{
    [Fact]
    public Task A_missing_file() => FailsAsync("missing.csv", null, "does not exist", "expected a file of reviews");

    [Fact]
    public Task A_missing_text_column() =>
        FailsAsync("reviews.csv", "frase_libre,stars\nbueno,5\nmalo,1\n", "'frase_libre'", "a column 'text'", "--text-column");

    [Fact]
    public Task A_missing_label_column() => FailsAsync("reviews.csv", "text,fecha\nbueno,hoy\nmalo,ayer\n", "fecha", "a column 'stars'", "--stars-column");

    [Fact]
    public Task A_column_that_was_named_and_is_not_there() =>
        FailsAsync("reviews.csv", "text,stars\nbueno,5\nmalo,1\n", ["--stars-column", "puntos"], "expected column 'puntos', as --stars-column says");

    [Fact]
    public Task Seven_stars() => FailsAsync("reviews.csv", "text,stars\nbueno,5\nmalo,7\n", "line 3", "'7' was found", "from 1 to 5");

    [Fact]
    public Task Stars_that_are_no_number() => FailsAsync("reviews.jsonl", """
        {"text": "bueno", "stars": 5}
        {"text": "malo", "stars": "abc"}

        """, "line 2", "'abc' was found", "from 1 to 5");

    [Fact]
    public Task An_empty_file() => FailsAsync("reviews.csv", "", "is empty", "expected");

    [Fact]
    public Task One_class_only() => FailsAsync("reviews.csv", "text,stars\nbueno,5\nmejor,4\n", "all 2 rows", "'positive'", "at least two labels");

    [Fact]
    public Task Three_stars_only() => FailsAsync("reviews.csv", "text,stars\nbueno,3\nmejor,3\n", "no row has a label", "--neutral-class");

    [Fact]
    public Task Bytes_that_are_no_UTF8() =>
        FailsAsync("reviews.csv", [.. "text,stars\nbueno,5\nma"u8, 0xFF, .. "lo,1\n"u8], [], "line 3", "0xFF", "UTF-8");

    [Fact]
    public Task A_gzip_that_is_cut_off()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(File.ReadAllBytes(TestFiles.Train));
        return FailsAsync("reviews.jsonl.gz", packed.ToArray()[..(int)(packed.Length / 2)], [], "gzip", "cut off");
    }

    [Fact]
    public async Task A_validation_file_with_other_labels()
    {
        using var folder = new TemporaryFolder();
        folder.With("train.csv", "text,stars\nbueno,5\nmalo,1\n").With("validation.csv", "text,label\nbueno,elogio\n");
        await FailsAsync(folder, ["--train", "train.csv", "--validation", "validation.csv"],
            [folder.At("validation.csv"), "negative, positive", "elogio", "Give both files the same labels"]);
    }

    [Fact]
    public async Task A_backbone_without_weights()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["config.json", "tokenizer.json", "vocab.json", "merges.txt"])
            folder.With($"backbone/{name}", File.ReadAllBytes(Path.Combine(TestFiles.TinyBackbone, name)));
        await FailsAsync(folder, ["--train", TestFiles.Train, "--max-rows", "20", "--backbone", "backbone"],
            [folder.At("backbone"), "no weights", "model.safetensors"]);
    }

    [Fact]
    public async Task A_backbone_folder_that_is_not_there()
    {
        using var folder = new TemporaryFolder();
        await FailsAsync(folder, ["--train", TestFiles.Train, "--max-rows", "20", "--backbone", "./backbone"], [folder.At("backbone"), "does not exist"]);
    }

    [Fact]
    public async Task A_model_that_is_not_there()
    {
        using var folder = new TemporaryFolder();
        (await ToolProcess.RunAsync(folder, "predict", "--model", "model", "--text", "hola")).ExpectFailure(folder.At("model"), "does not exist");
    }

    [Fact]
    public async Task A_backbone_taken_for_a_model()
    {
        using var folder = new TemporaryFolder();
        (await ToolProcess.RunAsync(folder, "predict", "--model", TestFiles.TinyBackbone, "--text", "hola"))
            .ExpectFailure(TestFiles.TinyBackbone, "fine-tune it first");
    }

    /// <summary>Before the training, which may take hours.</summary>
    [Theory]
    [InlineData("base", "holds a model's weights, expected a folder without for the adapter")]
    public async Task An_adapter_goes_into_a_folder_without_weights(string adapter, string words)
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", "text,stars\nmuy buena,5\nmuy mala,1\n").With("base/model.safetensors", "weights");
        await FailsAsync(folder, ["--train", "reviews.csv", "--backbone", TestFiles.TinyBackbone, "--lora-rank", "2", "--save-adapter", adapter], [words]);
    }

    private static Task FailsAsync(string name, string? content, params string[] words) => FailsAsync(name, content, [], words);

    private static Task FailsAsync(string name, string? content, string[] options, params string[] words) =>
        FailsAsync(name, content is null ? null : Encoding.UTF8.GetBytes(content), options, words);

    private static async Task FailsAsync(string name, byte[]? content, string[] options, params string[] words)
    {
        using var folder = new TemporaryFolder();
        if (content is not null)
            folder.With(name, content);
        await FailsAsync(folder, ["--train", name, "--backbone", TestFiles.TinyBackbone, .. options], [folder.At(name), .. words]);
    }

    private static async Task FailsAsync(TemporaryFolder folder, string[] options, string[] words)
    {
        string[] before = [.. folder.Names];
        (await ToolProcess.RunAsync(folder, ["train", "--output", "model", "--log", "log.jsonl", .. options])).ExpectFailure(words);
        Assert.Equal(before, folder.Names);
    }
}
