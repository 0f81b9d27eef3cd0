using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

public sealed class TokenizeTests
{
    [Fact]
    public async Task Each_row_gets_its_ids_and_offsets()
    {
        string[] texts = ["La mesa tiene las patas bonitas", "", "¡Qué ñandú! 😀"];
        using var folder = new TemporaryFolder();
        folder.With("texts.jsonl", string.Concat(texts.Select(text => new JsonObject { ["text"] = text }.ToJsonString() + "\n")));
        JsonNode[] lines = (await ToolProcess.RunAsync(folder, "tokenize", "--backbone", TestFiles.TinyBackbone, "--input", "texts.jsonl")).Expect(0).Lines;

        PretrainedTokenizer tokenizer = PretrainedTokenizer.FromFolder(TestFiles.TinyBackbone);
        Assert.Equal(texts.Length, lines.Length);
        foreach ((string text, JsonNode line) in texts.Zip(lines))
        {
            TokenizedText expected = tokenizer.Encode(text);
            Assert.Equal(["ids", "offsets"], line.AsObject().Select(p => p.Key));
            Assert.Equal(expected.Ids, line["ids"]!.AsArray().Select(id => (int)id!));
            Assert.Equal(expected.Offsets, line["offsets"]!.AsArray().Select(pair => new TokenOffset((int)pair![0]!, (int)pair[1]!)));
        }
    }

    [Fact]
    public async Task The_embedded_backbone_is_named_mini()
    {
        using var folder = new TemporaryFolder();
        folder.With("texts.csv", "text\nbueno\n");
        JsonNode line = Assert.Single(
            (await ToolProcess.RunAsync(folder, "tokenize", "--backbone", "mini", "--input", "texts.csv", "--output", "ids.jsonl")).Expect(0) is var _
            ? JsonLines.Parse(folder.Read("ids.jsonl")) : []);
        Assert.Equal([0, 2], [(int)line["ids"]![0]!, (int)line["ids"]!.AsArray()[^1]!]);
    }
}
