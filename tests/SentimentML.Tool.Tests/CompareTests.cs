using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>What cannot be compared is reported before anything is trained; <see cref="ThreeLabelTests"/> compares.</summary>
public sealed class CompareTests
{
    [Theory]
    [InlineData("text,label\nbueno,positive\nmejor,positive\n", "text,label\nbueno,positive\n", "All 2 training rows", "'positive'", "at least two labels")]
    [InlineData("text,label\nbueno,positive\nmalo,negative\n", "text,label\nraro,ambiguous\n", "No validation row has one of the training's labels",
        "negative, positive", "ambiguous")]
    [InlineData("text,stars\nregular,3\nregular,3\n", "text,stars\nbueno,5\n", "No training row has a label", "Three-star", "none")]
    public async Task Data_that_cannot_be_compared_is_told(string train, string validation, params string[] words)
    {
        using var folder = new TemporaryFolder();
        folder.With("train.csv", train).With("validation.csv", validation);
        (await ToolProcess.RunAsync(folder, "compare", "--train", "train.csv", "--validation", "validation.csv", "--backbone", TestFiles.TinyBackbone))
            .ExpectFailure(words);
    }

    [Fact]
    public async Task A_label_of_a_single_row_is_told_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        folder.With("train.csv", "text,label\n" + string.Concat(Enumerable.Range(1, 12).Select(row => $"muy bien {row},pos\nmuy mal {row},neg\n"))
            + "Total de opiniones,24\n");
        ToolResult result = await ToolProcess.RunAsync(
            folder, "compare", "--train", "train.csv", "--validation", "train.csv", "--backbone", TestFiles.TinyBackbone);
        Assert.Contains("Label '24' has a single row (row 25: 'Total de opiniones'), while the other labels have many.", result.Expect(0).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_with_a_misspelled_label_is_named_with_the_label_and_compared_when_it_is_stated()
    {
        using var folder = new TemporaryFolder();
        folder.With("train.csv", "text,label\n" + string.Concat(Enumerable.Range(1, 12).Select(row => $"muy bien {row},positivo\nmuy mal {row},negativo\n"))
            + "buena,postivo\n");
        ToolResult trained = (await ToolProcess.RunAsync(folder, TestFiles.TrainTiny("train.csv"))).Expect(0);
        Assert.Contains("Label 'postivo' (row 25) says no sentiment, while 'positivo' and 'negativo' do: is it misspelled?", trained.Error,
            StringComparison.Ordinal);
        string[] compare = ["compare", "--model", "model", "--model", "small", "--validation", "train.csv"];
        (await ToolProcess.RunAsync(folder, compare)).ExpectFailure("Model model: The model's labels (negativo, positivo, postivo) are matched as sentiments, "
            + "and postivo says none.", "--labels \"postivo=?\"");
        (await ToolProcess.RunAsync(folder, [.. compare, "--labels", "postivo=positive"])).Expect(0);
    }

    [Fact]
    public async Task A_backbone_that_is_not_there_is_told()
    {
        using var folder = new TemporaryFolder();
        folder.With("train.csv", "text,label\nbueno,positive\nmalo,negative\n");
        (await ToolProcess.RunAsync(folder, "compare", "--train", "train.csv", "--validation", "train.csv", "--backbone", "./missing"))
            .ExpectFailure(folder.At("missing"), "does not exist");
    }
}
