using System.Text.Json.Nodes;
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
    public async Task It_counts_what_the_file_holds()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", Odd);
        JsonNode json = (await ToolProcess.RunAsync(folder, "inspect", "reviews.csv", "--max-tokens", "14", "--json")).Expect(0).Json;

        Assert.Equal(7, (int)json["rows"]!);
        Assert.Equal(1, (int)json["repeated"]!);
        Assert.Equal(2, (int)json["nearly_the_same"]!); // the repeated one, and the one that says it a little otherwise
        Assert.Equal(["1:1", "2:1", "3:1", "4:1", "5:2", "NaN:1"], json["stars"]!.AsObject().Select(stars => $"{stars.Key}:{stars.Value}"));
        Assert.Equal("[4]", json["languages"]!["en"]!["first"]!.ToJsonString());
        Assert.Equal("[5]", json["odd"]!["empty"]!["first"]!.ToJsonString());
        Assert.Equal(0, (int)json["characters"]!["minimum"]!);
        Assert.InRange((int)json["cut"]!, 4, 6);
    }

    [Fact]
    public async Task People_get_tables()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", Odd);
        string output = (await ToolProcess.RunAsync(folder, "inspect", "reviews.csv")).Expect(0).Output;
        foreach (string words in (string[])["5 stars", "without stars", "text repeats an earlier one", "more than 512 tokens", "tokens", "Spanish", "language en", "empty"])
            Assert.True(output.Contains(words, StringComparison.Ordinal), $"no '{words}' in\n{output}");
    }

    [Fact]
    public async Task A_missing_file_is_told()
    {
        using var folder = new TemporaryFolder();
        (await ToolProcess.RunAsync(folder, "inspect", "missing.csv")).ExpectFailure(folder.At("missing.csv"), "does not exist");
    }
}
