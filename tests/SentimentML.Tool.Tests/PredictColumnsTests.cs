using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>What predict writes beside the answers: the input's columns, in the format of the output's extension, from and to pipes.</summary>
public sealed class PredictColumnsTests(TrainedModel model)
{
    private const string Reviews = "id,reseña,fecha,label\n007,muy bueno,2026-01-02,pos\n8,\"malo, \"\"fatal\"\"\nde verdad\",,neg\n9,  ,hoy,\n";

    [Theory]
    [InlineData("a.csv", Reviews)]
    [InlineData("a.tsv", "id\treseña\tfecha\tlabel\n007\tmuy bueno\t2026-01-02\tpos\n8\t\"malo, \"\"fatal\"\"\nde verdad\"\t\tneg\n9\t  \thoy\t\n")]
    [InlineData("a.jsonl", "{\"id\": \"007\", \"reseña\": \"muy bueno\", \"fecha\": \"2026-01-02\", \"label\": \"pos\"}\n{\"id\": \"8\", \"reseña\": \"malo, "
        + "\\\"fatal\\\"\\nde verdad\", \"fecha\": \"\", \"label\": \"neg\"}\n{\"id\": \"9\", \"reseña\": \"  \", \"fecha\": \"hoy\", \"label\": \"\"}\n")]
    public async Task All_columns_come_along_and_a_row_without_text_keeps_its_line(string name, string content)
    {
        using var folder = new TemporaryFolder();
        folder.With(name, content);
        ToolResult result = (await Predict(folder, "--input", name)).Expect(0);
        JsonNode[] lines = result.Lines;
        Assert.Equal(["007", "8", "9"], lines.Select(line => line["id"]!.ToString()));
        Assert.Equal(["muy bueno", "malo, \"fatal\"\nde verdad", "  "], lines.Select(line => line["text"]!.ToString()));
        Assert.Equal(["pos", "neg", ""], lines.Select(line => line["input_label"]!.ToString()));
        Assert.Equal(["text", "id", "reseña", "fecha", "input_label", "label", "score", "probabilities", "sentiment"], lines[0].AsObject().Select(p => p.Key));
        Assert.Contains(lines[0]["label"]!.ToString(), (string[])["negative", "positive"]);
        Assert.Null(lines[2]["label"]);
        Assert.Null(lines[2]["score"]);
        Assert.True((bool)lines[2]["missing_text"]!);
        Assert.Null(lines[1]["missing_text"]);
        Assert.Contains("Rows without a text: 1.", result.Error, StringComparison.Ordinal);
        (await Predict(folder, "--input", name, "--strict")).ExpectFailure(folder.At(name), "the review has no text", "--strict");
    }

    [Theory]
    [InlineData("id", "text,id")]
    [InlineData("fecha, id", "text,fecha,id")]
    [InlineData("none", "text")]
    [InlineData("all", "text,id,reseña,fecha,input_label")]
    public async Task Columns_are_chosen_by_name(string columns, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", Reviews);
        ToolResult result = (await Predict(folder, "--input", "a.csv", "--columns", columns)).Expect(0);
        Assert.Equal($"{expected},label,score,probabilities,sentiment".Split(','), result.Lines[0].AsObject().Select(p => p.Key));
        (await Predict(folder, "--input", "a.csv", "--columns", "id,nada")).ExpectFailure("--columns names 'nada'", "id, reseña, fecha, label");
    }

    [Fact]
    public async Task Values_of_JSON_keep_their_types_and_columns_without_a_name_get_one()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.jsonl", "{\"id\": 12345678901234567890, \"text\": \"bueno\", \"tags\": [1, {\"a\": null}], \"ok\": true, \"no\": null}\n")
            .With("a.csv", ",text,,text_\n0,bueno,x,y\n");
        JsonNode line = Assert.Single((await Predict(folder, "--input", "a.jsonl")).Expect(0).Lines);
        Assert.StartsWith("{\"text\":\"bueno\",\"id\":12345678901234567890,\"tags\":[1,{\"a\":null}],\"ok\":true,\"no\":null,",
            line.ToJsonString().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        line = Assert.Single((await Predict(folder, "--input", "a.csv")).Expect(0).Lines);
        Assert.Equal("0 x y", $"{line["column_1"]} {line["column_3"]} {line["text_"]}");
    }

    [Theory]
    [InlineData("out.csv")]
    [InlineData("out.tsv")]
    [InlineData("out.jsonl")]
    [InlineData("out.csv.gz")]
    [InlineData("out.jsonl.gz")]
    [InlineData("out.parquet")]
    [InlineData("out.xlsx")]
    public async Task The_output_is_what_its_extension_says_and_can_be_read_again(string output)
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", Reviews);
        (await Predict(folder, "--input", "a.csv", "--output", output)).Expect(0);
        IDataView rows = new MLContext().Data.LoadReviews(folder.At(output), new ReviewFileOptions { TextColumn = "text", LabelColumn = "label" });
        Assert.Equal(["007", "8", "9"], Column(rows, "id"));
        Assert.Equal(["muy bueno", "malo, \"fatal\"\nde verdad", ""], Column(rows, "Text").Select(text => text.Trim()));
        Assert.Equal(["pos", "neg", ""], Column(rows, "input_label"));
        string[] labels = Column(rows, "Label");
        Assert.All(labels[..2], label => Assert.Contains(label, (string[])["negative", "positive"]));
        Assert.Equal("", labels[2]);
        Assert.Equal("true", Column(rows, "missing_text")[2].ToLowerInvariant() is "1" ? "true" : Column(rows, "missing_text")[2].ToLowerInvariant());
        Assert.Equal(["a.csv", output], folder.Names.Order());
    }

    [Fact]
    public async Task A_table_has_a_column_for_each_probability()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", Reviews);
        (await Predict(folder, "--input", "a.csv", "--output", "out.csv", "--columns", "id", "--logits", "--unsure-below", "0.9")).Expect(0);
        string[] lines = folder.Read("out.csv").Split('\n');
        Assert.Equal("text,id,label,score,unsure,probability_negative,probability_positive,sentiment,logit_negative,logit_positive,missing_text", lines[0]);
        string[] cells = lines[1].Split(',');
        Assert.Equal(1, double.Parse(cells[5], System.Globalization.CultureInfo.InvariantCulture)
            + double.Parse(cells[6], System.Globalization.CultureInfo.InvariantCulture), 1e-6);
        Assert.Equal("  ,9,,,,,,,,,true", lines[4]);
    }

    [Theory]
    [InlineData("{\"n\": 1, \"text\": \"bueno\"}\n{\"n\": 2, \"text\": \"malo\"}\n", "")]
    [InlineData("[{\"n\": 1, \"text\": \"bueno\"}, {\"n\": 2, \"text\": \"malo\"}]", "")]
    [InlineData("n,text\n1,bueno\n2,malo\n", "")]
    [InlineData("n;text\n1;bueno\n2;malo\n", "")]
    [InlineData("n\ttext\n1\tbueno\n2\tmalo\n", "tsv")]
    public async Task Standard_input_is_read_and_its_format_guessed(string content, string format)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["predict", "--model", model.Path, "--input", "-", "--output", "-",
            .. format.Length > 0 ? (string[])["--input-format", format] : []];
        ToolResult result = (await WithInput(folder, arguments, Encoding.UTF8.GetBytes(content))).Expect(0);
        Assert.Equal(["1", "2"], result.Lines.Select(line => line["n"]!.ToString()));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(content));
        Assert.Equal(result.Output, (await WithInput(folder, arguments, packed.ToArray())).Expect(0).Output);
        ToolResult csv = (await WithInput(folder, [.. arguments, "--output-format", "csv"], Encoding.UTF8.GetBytes(content))).Expect(0);
        Assert.StartsWith("text,n,label,score", csv.Output, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public async Task Plain_text_on_standard_input_is_one_text_a_line()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = (await WithInput(folder, ["predict", "--model", model.Path, "--input", "-"], "Muy bueno, la verdad\n\nNo funciona\n"u8.ToArray()))
            .Expect(0);
        Assert.Equal(["Muy bueno, la verdad", "", "No funciona"], result.Lines.Select(line => line["text"]!.ToString()));
    }

    [Fact]
    public async Task Faults_of_standard_input_name_it()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["predict", "--model", model.Path, "--input", "-"];
        (await WithInput(folder, arguments, "n,cosa\n1,2\n"u8.ToArray())).ExpectFailure("standard input: the file's columns are 'n', 'cosa'");
        (await WithInput(folder, arguments, [])).ExpectFailure("standard input: the file is empty");
    }

    [Theory]
    [InlineData("text\nbueno\n", 0)]
    [InlineData("n,cosa\n1,2\n", 1)]
    public async Task Standard_input_leaves_nothing_on_the_disk(string content, int exitCode)
    {
        using var folder = new TemporaryFolder();
        using var temporary = new TemporaryFolder();
        string[] arguments = ["predict", "--model", model.Path, "--input", "-"];
        (await ToolProcess.RunAsync(folder, arguments, Encoding.UTF8.GetBytes(content), ("TMPDIR", temporary.Path))).Expect(exitCode);
        Assert.Empty(temporary.Names);
    }

    [Theory]
    [InlineData("out.doc", "whose extension does not say the format")]
    [InlineData("out", "whose extension does not say the format")]
    [InlineData("out.parquet.gz", "Leave .gz out")]
    public async Task An_extension_that_says_no_format_is_refused(string output, string said)
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", Reviews);
        ToolResult result = (await Predict(folder, "--input", "a.csv", "--output", output)).Expect(2);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.Equal(["a.csv"], folder.Names);
    }

    private Task<ToolResult> Predict(TemporaryFolder folder, params string[] arguments) =>
        ToolProcess.RunAsync(folder, ["predict", "--model", model.Path, .. arguments]);

    private static Task<ToolResult> WithInput(TemporaryFolder folder, string[] arguments, byte[] input) => ToolProcess.RunAsync(folder, arguments, input);

    private static string[] Column(IDataView rows, string name) => [.. rows.GetColumn<ReadOnlyMemory<char>>(name).Select(value => value.ToString())];
}
