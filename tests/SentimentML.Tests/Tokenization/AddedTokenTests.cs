using System.Text.Json;
using System.Text.Json.Nodes;

namespace SentimentML.Tests.Tokenization;

/// <summary>Added tokens with every flag. What is expected follows the reference's rules (added_vocabulary.rs).</summary>
public class AddedTokenTests
{
    private static PretrainedTokenizer With(params (string Content, string Flags)[] tokens) => With(normalizer: null, tokens);

    private static PretrainedTokenizer With(JsonObject? normalizer, params (string Content, string Flags)[] tokens)
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny("tokenizer.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(folder.At("tokenizer.json")))!;
        json["normalizer"] = normalizer;
        int next = 2000;
        foreach ((string content, string flags) in tokens)
        {
            int id = Reference.Tiny.TokenToId(content) ?? next++; // one that the vocabulary has keeps its id
            var token = new JsonObject { ["id"] = id, ["content"] = content };
            foreach (string flag in (string[])["single_word", "lstrip", "rstrip", "normalized", "special"])
                token[flag] = flags.Contains(flag, StringComparison.Ordinal);
            json["added_tokens"]!.AsArray().Add(token);
        }
        folder.With("tokenizer.json", json.ToJsonString());
        return PretrainedTokenizer.FromFolder(folder.Path);
    }

    private static void AssertTokens(PretrainedTokenizer tokenizer, string text, string expected)
    {
        int[] ids = tokenizer.EncodeToIds(text);
        string actual = string.Join(' ', ids[1..^1].Select(i => tokenizer.IdToToken(i)));
        Assert.True(expected == actual, $"{JsonSerializer.Serialize(text)}\nexpected {expected}\nactual   {actual}");
        Assert.Equal(ids, tokenizer.Encode(text).Ids);
    }

    [Fact]
    public void The_longest_of_those_that_begin_at_one_place_is_taken()
    {
        PretrainedTokenizer tokenizer = With(("<x>", ""), ("<x><y>", ""), ("<", ""));
        AssertTokens(tokenizer, "<x><y><x><", "<x><y> <x> <");
        Assert.Equal(2002, tokenizer.VocabularySize);
    }

    [Fact]
    public void White_space_on_the_sides_is_taken_where_the_token_says_so()
    {
        PretrainedTokenizer tokenizer = With(("<l>", "lstrip"), ("<r>", "rstrip"), ("<b>", "lstrip rstrip"));
        AssertTokens(tokenizer, "el \t<l> el", "Ġel <l> Ġel");
        AssertTokens(tokenizer, "el <r> \n el", "Ġel Ġ <r> Ġel");
        AssertTokens(tokenizer, "el  <b>  <b>  el", "Ġel <b> <b> Ġel");

        TokenizedText tokens = tokenizer.Encode("el \t<l> el");
        Assert.Equal([new(0, 0), new(0, 2), new(4, 7), new(8, 10), new(0, 0)], tokens.Offsets);
    }

    [Fact]
    public void A_single_word_is_not_found_inside_a_word()
    {
        PretrainedTokenizer tokenizer = With(("el", "single_word"));
        AssertTokens(tokenizer, "el,él el", "el Ġ , Ã© l Ġ el");
    }

    [Fact]
    public void Those_that_are_not_normalized_come_first()
    {
        PretrainedTokenizer tokenizer = With(("a<x>", "normalized"), ("<x>", ""));
        AssertTokens(tokenizer, "a<x>", "Ġa <x>");
    }

    [Fact]
    public void Of_those_that_are_the_same_when_normalized_a_special_one_is_taken_and_else_the_one_with_the_lowest_id()
    {
        PretrainedTokenizer tokenizer = With(new JsonObject { ["type"] = "Lowercase" },
            ("@user", "normalized"), ("@USER", "normalized"), ("@Url", "normalized"), ("@URL", "normalized special"), ("@url", "normalized special"));
        AssertTokens(tokenizer, "@USER@url", "@user @URL");
    }

    [Fact]
    public void A_token_with_a_space_or_of_another_script_is_decoded_as_it_is_written()
    {
        PretrainedTokenizer tokenizer = With(("muy bien", ""), ("中文", ""));
        int[] ids = tokenizer.EncodeToIds("muy bien中文");
        Assert.Equal([0, 2000, 2001, 2], ids);
        Assert.Equal("muy bien中文", tokenizer.Decode(ids));
    }
}
