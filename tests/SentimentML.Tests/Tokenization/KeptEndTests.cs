using System.Text.Json.Nodes;
using SentimentML.Tokenization;

namespace SentimentML.Tests.Tokenization;

/// <summary>Texts that are cut at their beginning.</summary>
public sealed class KeptEndTests
{
    private readonly PretrainedTokenizer _tokenizer = PretrainedTokenizer.FromFolder(Shared.Golden("tiny_classifier_3"));

    [Fact]
    public void A_text_keeps_its_last_tokens_between_the_special_ones()
    {
        int[] whole = _tokenizer.EncodeToIds("la mesa tiene las patas bonitas y es barata", maxTokens: 512);
        TokenRow cut = _tokenizer.EncodeRow(new TextInput("la mesa tiene las patas bonitas y es barata"), 8, out bool isTruncated, keepEnd: true);
        Assert.True(isTruncated);
        Assert.Equal([whole[0], .. whole[^7..]], cut.Ids.ToArray());
        Assert.Equal(whole[..7].Append(whole[^1]), _tokenizer.EncodeRow(new TextInput("la mesa tiene las patas bonitas y es barata"), 8, out _).Ids.ToArray());
    }

    [Fact]
    public void A_text_that_fits_is_the_same_either_way()
    {
        var text = new TextInput("muy bueno", "y barato");
        TokenRow row = _tokenizer.EncodeRow(text, 512, out bool isTruncated, keepEnd: true);
        Assert.False(isTruncated);
        Assert.Equal(_tokenizer.EncodeRow(text, 512, out _).Ids.ToArray(), row.Ids.ToArray());
    }

    [Fact]
    public void Of_a_pair_the_longer_text_loses_its_beginning()
    {
        string first = string.Join(' ', Enumerable.Repeat("bueno malo regular", 20));
        int[] ids = _tokenizer.EncodeRow(new TextInput(first, "barato"), 20, out bool isTruncated, keepEnd: true).Ids.ToArray();
        int[] ofFirst = _tokenizer.EncodeToIds(first, maxTokens: 512)[1..^1], ofSecond = _tokenizer.EncodeToIds("barato")[1..^1];
        Assert.True(isTruncated);
        Assert.Equal(20, ids.Length);
        int kept = 20 - 4 - ofSecond.Length;
        Assert.Equal(ofFirst[^kept..], ids[1..(1 + kept)]);
        Assert.Equal(ofSecond, ids[^(1 + ofSecond.Length)..^1]);
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{"truncation_side": "left"}""")]
    [InlineData("tokenizer.json", "Left")]
    public void A_side_that_the_files_name_is_where_every_way_of_encoding_cuts(string name, string content)
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny("tokenizer.json");
        folder.With(name, name == "tokenizer_config.json" ? content : Truncated(folder.Read(name), content));
        var tokenizer = PretrainedTokenizer.FromFolder(folder.Path);
        const string Text = "la mesa tiene las patas bonitas y es barata";
        int[] whole = tokenizer.EncodeToIds(Text, maxTokens: 512), expected = [whole[0], .. whole[^7..]];
        Assert.Equal(expected, tokenizer.EncodeToIds(Text, maxTokens: 8));
        Assert.Equal(expected, tokenizer.EncodeRow(new TextInput(Text), 8, out bool isTruncated).Ids.ToArray());
        Assert.True(isTruncated);
        Assert.Equal(expected, tokenizer.EncodeBatch([Text], maxTokens: 8)[0]);
        int[] buffer = new int[8];
        Assert.Equal(8, tokenizer.EncodeTo(Text, buffer, out isTruncated));
        Assert.True(isTruncated);
        Assert.Equal(expected, buffer);
        TokenizedText tokens = tokenizer.Encode(Text, maxTokens: 8);
        Assert.Equal(expected, tokens.Ids);
        Assert.True(tokens.IsTruncated);
        Assert.Equal(Text.Length, tokens.Offsets[^2].End);
        Assert.Equal([.. whole[..7], whole[^1]], tokenizer.EncodeRow(new TextInput(Text), 8, out _, keepEnd: false).Ids.ToArray());

        using var target = new TemporaryFolder();
        tokenizer.Save(target.Path);
        File.Delete(target.At("tokenizer.json"));
        Assert.Equal(expected, PretrainedTokenizer.FromFolder(target.Path).EncodeToIds(Text, maxTokens: 8));
    }

    [Fact]
    public void The_configuration_s_side_goes_before_tokenizer_json_s()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny("tokenizer.json").With("tokenizer_config.json", """{"truncation_side": "right"}""");
        folder.With("tokenizer.json", Truncated(folder.Read("tokenizer.json"), "Left"));
        Assert.False(PretrainedTokenizer.FromFolder(folder.Path).Definition.KeepsEnd);
        folder.With("tokenizer_config.json", """{"truncation_side": "up"}""");
        Assert.Contains("truncation_side is \"up\", expected left or right",
            Assert.Throws<ModelFileException>(() => PretrainedTokenizer.FromFolder(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static string Truncated(string json, string side)
    {
        JsonNode root = JsonNode.Parse(json)!;
        root["truncation"] = new JsonObject { ["direction"] = side, ["max_length"] = 512, ["strategy"] = "LongestFirst", ["stride"] = 0 };
        return root.ToJsonString();
    }
}
