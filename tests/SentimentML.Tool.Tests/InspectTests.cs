using System.Text.Json.Nodes;
using SentimentML.Reviews;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

public sealed class InspectTests
{
    private const string Odd = "text,stars\n"
        + "\"Muy bueno, llegó antes de lo previsto y funciona como esperaba\",5\n"
        + "\"Muy bueno, llegó antes de lo previsto y funciona como esperaba\",5\n"
        + "\"Muy bueno, llegó antes de lo previsto y funciona como yo esperaba\",4\n"
        + "\"The delivery was late and the box was broken when it came to our house\",1\n"
        + "\"\",2\n"
        + "\"Se rompió al segundo día y nadie contesta en el servicio de atención\",\n"
        + "\"Regular, hace lo que dice pero la batería dura poco para lo que cuesta\",3\n";

    [Fact]
    public async Task A_label_that_says_no_sentiment_beside_others_that_do_is_told()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", "text,label\nmuy bien,positivo\nmuy mal,negativo\nbien,postivo\nfatal,negativo\n");
        ToolResult result = (await ToolProcess.RunAsync(folder, "inspect", "a.csv")).Expect(0);
        Assert.Contains("Label 'postivo' (row 3) says no sentiment, while 'negativo' and 'positivo' do: is it misspelled? Because of it the training starts "
            + "from the plain encoder, not from the ready sentiment model.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_counts_what_the_file_holds()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", Odd);
        JsonNode json = (await ToolProcess.RunAsync(folder, "inspect", "reviews.csv", "--max-tokens", "14", "--json")).Expect(0).Json;

        Assert.Equal(7, (int)json["rows"]!);
        Assert.Equal(1, (int)json["duplicates"]!);
        Assert.Equal(2, (int)json["nearly_the_same"]!); // the repeated one, and the one that says it a little otherwise
        Assert.Equal(["1:1", "2:1", "3:1", "4:1", "5:2"], json["stars"]!.AsObject().Select(stars => $"{stars.Key}:{stars.Value}"));
        Assert.Equal("""{"text":1,"stars":1,"label":0}""", json["missing"]!.ToJsonString());
        Assert.Equal("[4]", json["languages"]!["en"]!["first"]!.ToJsonString());
        Assert.Equal("[5]", json["odd"]!["empty"]!["first"]!.ToJsonString());
        Assert.Equal(0, (int)json["characters"]!["min"]!);
        Assert.InRange((int)json["tokens"]!["over_limit"]!, 4, 6);
    }

    [Fact]
    public async Task A_folder_of_texts_or_of_parts_is_inspected_trained_on_and_measured_by()
    {
        using var folder = new TemporaryFolder();
        foreach (string label in (string[])["positivos", "negativos"])
        {
            Directory.CreateDirectory(folder.At($"textos/{label}"));
            for (int i = 0; i < 3; i++)
                await File.WriteAllTextAsync(folder.At($"textos/{label}/{i}.txt"), $"Una opinión, la {i}", TestContext.Current.CancellationToken);
        }
        JsonNode json = (await ToolProcess.RunAsync(folder, "inspect", "textos/", "--json")).Expect(0).Json;
        Assert.Equal(("folder", null, 6), ((string?)json["format"], (string?)json["encoding"], (int)json["rows"]!));
        Assert.Equal("""{"negativos":3,"positivos":3}""", json["labels"]!.ToJsonString());
        (await ToolProcess.RunAsync(folder, TestFiles.TrainTiny("textos/"))).Expect(0);
        JsonNode measured = (await ToolProcess.RunAsync(folder, "evaluate", "--model", "model", "--data", "textos", "--json")).Expect(0).Json;
        Assert.Contains("negativos", measured.ToJsonString(), StringComparison.Ordinal);
        foreach (int part in (int[])[0, 1])
            folder.With($"partes/part-{part}.csv", "text,label\nBien,positivos\nMal,negativos\n");
        json = (await ToolProcess.RunAsync(folder, "inspect", "partes", "--json")).Expect(0).Json;
        Assert.Equal(("csv", 4), ((string?)json["format"], (int)json["rows"]!));
        (await ToolProcess.RunAsync(folder, "evaluate", "--model", "model", "--data", "partes", "--report", "a.html")).Expect(0);
    }

    [Theory]
    [InlineData("a.csv", "windows-1252", "texto;estrellas;id\r\nMuy buen tamaño;5,0;1\r\nNo llegó;1,0;2\r\n;;\r\n", "csv", "windows-1252", ";", true, "texto",
        "estrellas", null, "is read as windows-1252")]
    [InlineData("a.txt", "utf-16", "text\tlabel\nBueno\tpos\nMalo\tneg\n", "tsv", "utf-16", "\t", true, "text", null, "label", "byte order mark")]
    [InlineData("a.jsonl", "utf-8", "{\"text\": \"Bueno\", \"label\": \"pos\"}\n{\"text\": \"Malo\", \"label\": null}\n", "jsonl", "utf-8", null, null, "text",
        null, "label", "1 of 2 rows have no label.")]
    [InlineData("a.json", "utf-8", "{\"data\": [{\"text\": \"Bueno\", \"stars\": 5}, {\"text\": \"Malo\", \"stars\": NaN}]}", "json", "utf-8", null, null,
        "text", "stars", null, "its array 'data'")]
    [InlineData("b.csv", "utf-8", "Opiniones\ntext\nBueno\nMalo\n", "csv", "utf-8", null, true, "text", null, null, "no stars and no labels")]
    [InlineData("c.csv", "utf-8", "texto,positivo,negativo\nBueno,1,0\nMalo,0,1\n", "csv", "utf-8", ",", true, "texto", null, "positivo, negativo",
        "are taken for one label each (positivo, negativo)")]
    public async Task It_says_what_the_file_is(
        string name, string encoding, string content, string format, string found, string? delimiter, bool? hasHeader, string text, string? stars,
        string? label, string warning)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.At(name), TextEncodings.Find(encoding)!.GetBytes(content), TestContext.Current.CancellationToken);
        JsonNode json = (await ToolProcess.RunAsync(folder, "inspect", name, "--json")).Expect(0).Json;
        Assert.Equal((format, found, delimiter, hasHeader),
            ((string?)json["format"], (string?)json["encoding"], (string?)json["delimiter"], (bool?)json["has_header"]));
        Assert.Equal((text, stars, label), ((string?)json["columns"]!["text"], (string?)json["columns"]!["stars"], (string?)json["columns"]!["label"]));
        Assert.Equal(2, (int)json["rows"]!);
        Assert.Contains(json["warnings"]!.AsArray(), one => ((string)one!).Contains(warning, StringComparison.Ordinal));
        Assert.Equal(stars is null && label is null
            ? $"sentimentml predict --model small --input {name}"
            : $"sentimentml train --train {name} --output model --backbone small", (string)json["next"]!);
    }

    [Fact]
    public async Task Of_stars_and_labels_it_is_said_which_count_and_a_title_that_is_not_read_is_named()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", "titulo,texto,estrellas,label\nMal,Llegó el martes,1,positive\nBien,Muy bueno,5,negative\n");
        JsonNode json = (await ToolProcess.RunAsync(folder, "inspect", "a.csv", "--json")).Expect(0).Json;
        Assert.Null(json["columns"]!["title"]);
        Assert.Contains(json["warnings"]!.AsArray(), one => ((string)one!).Contains("for the labels give --label-column label", StringComparison.Ordinal));
        Assert.Contains(json["warnings"]!.AsArray(),
            one => ((string)one!).Contains("To read both give --title-column titulo --body-column texto", StringComparison.Ordinal));
        ToolResult evaluated = (await ToolProcess.RunAsync(folder, "evaluate", "--model", "small", "--data", "a.csv", "--json")).Expect(0);
        Assert.Contains("the file has stars and labels, and the stars count, column 'estrellas'", evaluated.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_told_with_what_was_noticed_on_the_way()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.json", """{"data": [{"x": 1}]}""");
        (await ToolProcess.RunAsync(folder, "inspect", "a.json")).ExpectFailure("the reviews are read from its array 'data'");
    }

    [Fact]
    public async Task The_command_to_go_on_with_has_the_options_of_reading()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", "Bueno|x\nMalo|y\n");
        string output = (await ToolProcess.RunAsync(folder, "inspect", "a.csv", "--no-header", "--text-column", "1", "--label-column", "2", "--delimiter", "|"))
            .Expect(0).Output;
        Assert.Contains("Go on with: sentimentml train --train a.csv --text-column 1 --label-column 2 --delimiter '|' --no-header "
            + "--output model --backbone small", output, StringComparison.Ordinal);
        Assert.Contains("as --text-column says", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10", "9", "2")]
    [InlineData("50", "45", "10")]
    [InlineData("100", "90", "20")]
    public async Task Scores_out_of_a_scale_that_is_stated_are_stars(string scale, string best, string worst)
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", $"text,stars\nBueno,{best}\nMalo,{worst}\n");
        JsonNode json = (await ToolProcess.RunAsync(folder, "inspect", "a.csv", "--stars-scale", scale, "--json")).Expect(0).Json;
        Assert.Equal(2, (int)json["rows"]!);
        Assert.Contains(json["warnings"]!.AsArray(), one => ((string)one!).Contains($"out of {scale} are read as whole stars", StringComparison.Ordinal));
    }

    [Fact]
    public async Task People_get_tables()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", Odd);
        string output = (await ToolProcess.RunAsync(folder, "inspect", "reviews.csv")).Expect(0).Output;
        foreach (string words in (
            string[])["5 stars", "without stars", "text repeats an earlier one", "more than 512 tokens", "tokens", "Spanish", "English", "empty"])
            Assert.True(output.Contains(words, StringComparison.Ordinal), $"no '{words}' in\n{output}");
    }

    [Fact]
    public async Task A_missing_file_is_told()
    {
        using var folder = new TemporaryFolder();
        (await ToolProcess.RunAsync(folder, "inspect", "missing.csv")).ExpectFailure(folder.At("missing.csv"), "does not exist");
    }
}
