using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>Rows without text, stars or label: left out and counted, or named under --strict.</summary>
public sealed class MissingRowTests(TrainedModel model)
{
    [Theory]
    [InlineData("a.csv", "text,stars\nbueno,5\nmalo,1\nregular,\nnada,NaN\n,4\nasí,3\n",
        "rows left out: 1 without a text, 2 without stars, 1 with 3 stars (--neutral-class makes them a class)", "2 rows: 1 negative, 1 positive")]
    [InlineData("a.tsv", "text\tlabel\nbueno\tpos\nmalo\tneg\nregular\tNone\nnada\tN/A\n   \tpos\n", "rows left out: 1 without a text, 2 without a label",
        "2 rows: 1 neg, 1 pos")]
    [InlineData("a.jsonl", "{\"text\": \"bueno\", \"label\": \"pos\"}\n{\"text\": \"malo\", \"label\": \"neg\"}\n{\"text\": \"sí\", \"label\": "
        + "null}\n{\"text\": \"no\"}\n{\"label\": \"pos\"}\n", "rows left out: 1 without a text, 2 without a label", "2 rows: 1 neg, 1 pos")]
    public async Task Training_leaves_them_out_and_counts_them_once(string name, string content, string leftOut, string rows)
    {
        using var folder = new TemporaryFolder();
        folder.With(name, content);
        ToolResult result = (await ToolProcess.RunAsync(folder, [.. TestFiles.TrainTiny(name), "--validation", name])).Expect(0);
        Assert.Contains($"{folder.At(name)}: {leftOut}", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{folder.At(name)}: {rows}", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "text,stars\nbueno,5\nmalo,1\nregular,\n", "line 4, column 'stars': no stars")]
    [InlineData("a.tsv", "text\tlabel\nbueno\tpos\nmalo\tNaN\n", "line 3, column 'label': no label")]
    [InlineData("a.jsonl", "{\"text\": \"bueno\", \"stars\": 5}\n{\"text\": null, \"stars\": 1}\n", "line 2, column 'text': the review has no text")]
    public async Task Strict_stops_at_the_first_of_them_with_its_place(string name, string content, string said)
    {
        using var folder = new TemporaryFolder();
        folder.With(name, content);
        (await ToolProcess.RunAsync(folder, [.. TestFiles.TrainTiny(name), "--strict"])).ExpectFailure(folder.At(name), said);
        (await ToolProcess.RunAsync(folder, "evaluate", "--model", model.Path, "--data", name, "--strict")).ExpectFailure(folder.At(name), said);
        Assert.Equal([name], folder.Names);
    }

    [Fact]
    public async Task A_total_below_the_table_is_told_with_its_row()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", "texto,etiqueta\n" + string.Concat(Enumerable.Range(1, 12).Select(row => $"muy bien {row},pos\nmuy mal {row},neg\n"))
            + "Total de opiniones,24\nFuente: encuesta,\n");
        const string told = "Label '24' has a single row (row 25: 'Total de opiniones'), while the other labels have many. If the row is a total or a remark "
            + "below the table, remove it from the file; otherwise the label is trained as a class of its own.";
        string error = (await ToolProcess.RunAsync(folder, TestFiles.TrainTiny("a.csv"))).Expect(0).Error;
        Assert.Equal(2, error.Split(told).Length);
        Assert.Contains(told, (await ToolProcess.RunAsync(folder, "inspect", "a.csv")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_evaluation_counts_them()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", "text,stars\nmuy bueno,5\nmuy malo,1\nregular,3\nx,\ny,None\n,4\n\"  \",1\nz,2\n");
        ToolResult result = (await ToolProcess.RunAsync(folder, "evaluate", "--model", model.Path, "--data", "a.csv", "--language", "en")).Expect(0);
        Assert.Contains("Rows left out: 1 with 3 stars, 2 without a label or stars, 2 without a text.",
            result.Output, StringComparison.Ordinal);
        ToolResult json = (await ToolProcess.RunAsync(folder, "evaluate", "--model", model.Path, "--data", "a.csv", "--json")).Expect(0);
        Assert.Equal("1 2 2", string.Join(' ', ((string[])["rows_left_out", "rows_without_label", "rows_without_text"]).Select(key => Find(json.Json, key))));
    }

    [Fact]
    public async Task Inspect_counts_them()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", "text,stars,label\nbueno,5,pos\n,4,\nx,,NaN\n");
        var json = (await ToolProcess.RunAsync(folder, "inspect", "a.csv", "--json")).Expect(0).Json;
        Assert.Equal("""{"text":1,"stars":1,"label":2}""", json["missing"]!.ToJsonString());
    }

    /// <summary>A value of a report, wherever in it.</summary>
    private static string Find(System.Text.Json.Nodes.JsonNode json, string key) => json switch
    {
        System.Text.Json.Nodes.JsonObject group when group[key] is { } value => value.ToString(),
        System.Text.Json.Nodes.JsonObject group =>
            group.Select(pair => pair.Value is null ? "" : Find(pair.Value, key)).FirstOrDefault(found => found.Length > 0, ""),
        _ => "",
    };
}
