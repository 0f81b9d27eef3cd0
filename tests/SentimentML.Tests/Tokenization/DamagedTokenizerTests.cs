using System.Text;
using System.Text.Json.Nodes;

namespace SentimentML.Tests.Tokenization;

/// <summary>Files from outside may be anything: each ends in a tokenizer or in a message, and soon.</summary>
public class DamagedTokenizerTests
{
    private static string MessageOf(TemporaryFolder folder) =>
        Assert.Throws<ModelFileException>(() => PretrainedTokenizer.FromFolder(folder.Path)).Message;

    private static string MessageWith(Action<JsonNode> damage)
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny();
        JsonNode json = JsonNode.Parse(File.ReadAllText(folder.At("tokenizer.json")))!;
        damage(json);
        string message = MessageOf(folder.With("tokenizer.json", json.ToJsonString()));
        Assert.Contains("tokenizer.json", message, StringComparison.Ordinal);
        return message;
    }

    private static void AssertReported(string expected, Action<JsonNode> damage) =>
        Assert.Contains(expected, MessageWith(damage), StringComparison.Ordinal);

    [Fact]
    public void A_folder_that_is_not_there_or_holds_no_tokenizer_is_reported()
    {
        using var empty = new TemporaryFolder();
        Assert.Contains("holds no tokenizer: expected tokenizer.json, or vocab.txt, or sentencepiece.bpe.model, or vocab.json and merges.txt; found none",
            MessageOf(empty), StringComparison.Ordinal);
        Assert.Contains("found vocab.json", MessageOf(empty.WithTiny("vocab.json")), StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<ModelFileException>(() => PretrainedTokenizer.FromFolder(empty.At("none"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_part_is_rejected_by_its_name()
    {
        AssertReported("the model Words, expected BPE, WordPiece, Unigram or WordLevel", json => json["model"]!["type"] = "Words");
        AssertReported("the WordLevel model has no unk_token", json => (json["model"]!["type"], json["model"]!["unk_token"]) = ("WordLevel", null));
        AssertReported("the WordPiece model has no unk_token", json =>
            json["model"] = new JsonObject { ["type"] = "WordPiece", ["vocab"] = new JsonObject { ["a"] = 0 } });
        AssertReported("unk_id is 2, expected the id of one of the 2 pieces",
            json => json["model"] = JsonNode.Parse("""{"type": "Unigram", "unk_id": 2, "vocab": [["<unk>", 0.0], ["a", -1.5]]}"""));
        AssertReported("a Unigram model without unk_id", json => json["model"] = JsonNode.Parse("""{"vocab": [["<unk>", 0.0], ["a", -1.5]]}"""));
        AssertReported("the pre_tokenizer UnicodeScripts, expected BertPreTokenizer", json => json["pre_tokenizer"]!["type"] = "UnicodeScripts");
        AssertReported("the pre_tokenizer ByteLevel before another", json => json["pre_tokenizer"] =
            JsonNode.Parse("""{"type": "Sequence", "pretokenizers": [{"type": "ByteLevel", "add_prefix_space": true}, {"type": "WhitespaceSplit"}]}"""));
        AssertReported("the normalizer Other, expected BertNormalizer", json => json["normalizer"] = new JsonObject { ["type"] = "Other" });
        AssertReported("the post_processor Other, expected TemplateProcessing", json => json["post_processor"]!["type"] = "Other");
        AssertReported("the decoder CTC, expected ByteLevel", json => json["decoder"]!["type"] = "CTC");
        AssertReported("end_of_word_suffix", json => json["model"]!["end_of_word_suffix"] = "x");
        AssertReported("a BPE model with dropout 0.5", json => json["model"]!["dropout"] = 0.5);
        AssertReported("the post_processor's '</s>' has the id 3, which is '<unk>' in the vocabulary", json => json["post_processor"]!["sep"]![1] = 3);
        AssertReported("regular expression '(?~a)': '(?~' at character 3 is not supported", json =>
            json["normalizer"] = JsonNode.Parse("""{"type": "Replace", "pattern": {"Regex": "(?~a)"}, "content": ""}"""));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        AssertReported("has no \"vocab\"", json => json["model"]!.AsObject().Remove("vocab"));
        AssertReported("has no \"merges\"", json => json["model"]!.AsObject().Remove("merges"));
        AssertReported("has no \"model\"", json => json.AsObject().Remove("model"));
        AssertReported("needs the token 'zz', which is not in the vocabulary", json => json["model"]!["merges"]!.AsArray().Insert(0, new JsonArray("Ġ", "zz")));
        AssertReported("more than two tokens", json => json["model"]!["merges"]![0] = new JsonArray("Ġ", "d", "e"));
        AssertReported("is not two tokens", json => json["model"]!["merges"]![0] = "Ġd");
        AssertReported("'Ġsabe' has the id 2000000000", json => json["model"]!["vocab"]!["Ġsabe"] = 2_000_000_000);
        AssertReported("the id of 'Ġsabe'", json => json["model"]!["vocab"]!["Ġsabe"] = 5_000_000_000);
        AssertReported("the id of 'Ġsabe'", json => json["model"]!["vocab"]!["Ġsabe"] = -1);
        AssertReported("the id of 'Ġsabe'", json => json["model"]!["vocab"]!["Ġsabe"] = 1.5);
        AssertReported("the id 1998 is given to 'Ġfavor' and to 'Ġsabe'", json => json["model"]!["vocab"]!["Ġsabe"] = 1998);
        AssertReported("'<s>' has the id 0 in the vocabulary and 7 as an added token", json => json["added_tokens"]![0]!["id"] = 7);
        AssertReported("the id 0 is given to", json => json["added_tokens"]![0]!["content"] = "<r>");
        AssertReported("stands twice among the added tokens", json => json["added_tokens"]!.AsArray().Add(json["added_tokens"]![0]!.DeepClone()));
        AssertReported("the unknown token 'zz'", json => json["model"]!["unk_token"] = "zz");
        AssertReported("the Strip's content is 'ab', expected one character",
            json => json["decoder"] = JsonNode.Parse("""{"type": "Strip", "content": "ab", "start": 1, "stop": 0}"""));
        AssertReported("a regular expression of 20000 characters, expected at most 16384", json => json["normalizer"] = new JsonObject
        {
            ["type"] = "Replace",
            ["pattern"] = new JsonObject { ["Regex"] = new string('a', 20_000) },
            ["content"] = "",
        });
    }

    [Theory]
    [InlineData("decoder", """{"type": "WordPiece", "cleanup": true}""", "the decoder's prefix is missing, expected a string")]
    [InlineData("decoder", """{"type": "BPEDecoder"}""", "the decoder's suffix is missing, expected a string")]
    [InlineData("decoder", """{"type": "Metaspace"}""", "the Metaspace's replacement is missing")]
    [InlineData("normalizer", """{"type": "Prepend"}""", "the normalizer's prepend is missing")]
    [InlineData("normalizer", """{"type": "Replace", "pattern": {"String": "a"}}""", "the normalizer's content is missing")]
    [InlineData("normalizer", """{"type": "Replace", "content": "a"}""", "the normalizer's pattern is missing")]
    [InlineData("normalizer", """{"type": "Precompiled"}""", "the normalizer's precompiled_charsmap is missing")]
    [InlineData("pre_tokenizer", """{"type": "CharDelimiterSplit"}""", "the CharDelimiterSplit's delimiter is missing")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"String": "a"}, "invert": false}""", "the pre_tokenizer's behavior is missing")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "special_tokens": {}, "single": [{"Sequence": {}}], "pair": []}""",
        "the id of a part of the post_processor's template \"single\" is missing")]
    public void What_a_part_lacks_is_named(string part, string json, string expected) =>
        AssertReported(expected, tokenizer => tokenizer[part] = JsonNode.Parse(json));

    [Theory]
    [InlineData("vocab.json", """{"a": 0, "a": 1}""", "'a' stands twice in the vocabulary")]
    [InlineData("vocab.json", """["a"]""", "not a JSON object")]
    [InlineData("vocab.json", """{"a": 0} {}""", "not valid JSON")]
    [InlineData("vocab.json", """{"a": 0""", "line 1")]
    [InlineData("vocab.json", "", "not valid JSON")]
    [InlineData("vocab.json", """{"\ud800": 0}""", "not valid text")]
    [InlineData("merges.txt", "#version: 0.2\nĠ d\nx\n", "merge 2, 'x', is not two tokens")]
    [InlineData("merges.txt", "Ġ zz", "needs the token 'zz'")]
    [InlineData("tokenizer_config.json", """{"add_prefix_space": 3}""", "add_prefix_space is 3, expected true or false")]
    [InlineData("tokenizer_config.json", """{"a": 1, "a": 2}""", "not valid JSON")]
    [InlineData("tokenizer.json", """{"normalizer": null, "normalizer": null}""", "Duplicate")]
    [InlineData("tokenizer_config.json", "[]", "expected an object")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": {"\ud800": {"content": "x"}}}""", "not valid")]
    [InlineData("added_tokens.json", """{"<x>": "1"}""", "the id of '<x>' is \"1\", expected a whole number")]
    public void A_fault_in_another_file_is_reported_with_the_file(string name, string content, string expected)
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny("vocab.json", "merges.txt");
        string message = MessageOf(folder.With(name, content));
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.True(message.Contains(name, StringComparison.Ordinal), message);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_reported()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny();
        File.WriteAllBytes(folder.At("tokenizer.json"), [.. Encoding.UTF8.GetBytes("{\"version\": \""), 0xC3, .. Encoding.UTF8.GetBytes("\"}")]);
        Assert.Contains("not UTF-8", MessageOf(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_reported()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny();
        Assert.Contains("not valid JSON", MessageOf(folder.With("tokenizer.json", "{\"decoder\": " + new string('[', 100_000))), StringComparison.Ordinal);
    }

    /// <summary>Bytes flipped, cut out, doubled or overwritten: a tokenizer that works, or a message; nothing else.</summary>
    [Theory]
    [InlineData("tokenizer.json", 300)]
    [InlineData("vocab.json", 150)]
    [InlineData("merges.txt", 150)]
    [InlineData("tokenizer_config.json", 150)]
    [InlineData("special_tokens_map.json", 150)]
    public void Every_damage_ends_in_a_tokenizer_or_a_message(string name, int times)
    {
        var random = new Random(20231);
        using TemporaryFolder folder = new TemporaryFolder().WithTiny();
        if (name != "tokenizer.json")
            File.Delete(folder.At("tokenizer.json"));
        byte[] sound = File.ReadAllBytes(folder.At(name));
        int refused = 0;
        for (int i = 0; i < times; i++)
        {
            byte[] damaged = Damage.Of(sound, random);
            File.WriteAllBytes(folder.At(name), damaged);
            try
            {
                var tokenizer = PretrainedTokenizer.FromFolder(folder.Path);
                tokenizer.Encode("La casa <mask> es 😀 grande");
                Assert.NotEmpty(tokenizer.Files);
            }
            catch (SentimentMLException e)
            {
                Assert.NotEmpty(e.Message);
                refused++;
            }
        }
        Assert.True(refused > times / 4, $"only {refused} of {times} were refused");
    }
}
