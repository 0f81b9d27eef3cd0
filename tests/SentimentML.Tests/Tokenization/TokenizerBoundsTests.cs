using System.Text.Json.Nodes;

namespace SentimentML.Tests.Tokenization;

/// <summary>Tokenizers that are valid and would take all memory or time; and one that looks wrong and is valid.</summary>
public class TokenizerBoundsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Replacements_that_double_a_text_again_and_again_are_stopped(int copies)
    {
        using TemporaryFolder folder = Tiny(json => json["normalizer"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["normalizers"] = new JsonArray([.. Enumerable.Range(0, 60).Select(_ => (JsonNode)new JsonObject
            {
                ["type"] = "Replace",
                ["pattern"] = new JsonObject { ["String"] = "a" },
                ["content"] = new string('a', 1 + copies),
            })]),
        });
        PretrainedTokenizer tokenizer = PretrainedTokenizer.FromFolder(folder.Path);
        Assert.NotEmpty(tokenizer.EncodeToIds("b"));
        Assert.Contains("makes a text of more than 33554432 characters", Assert.Throws<SentimentMLException>(() => tokenizer.EncodeToIds("a")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100001")]
    [InlineData("2147483647")]
    [InlineData("-1")]
    public void A_word_of_WordPiece_has_a_most(string characters)
    {
        using TemporaryFolder folder = Tiny(json => json["model"] = JsonNode.Parse(
            $$"""{"type": "WordPiece", "unk_token": "[UNK]", "max_input_chars_per_word": {{characters}}, "vocab": { "[UNK]": 0, "a": 1 } }"""));
        Assert.Contains($"max_input_chars_per_word is {characters}, expected 0 to 10000",
            Assert.Throws<ModelFileException>(() => PretrainedTokenizer.FromFolder(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q w", "z")]
    [InlineData("q", "w z")]
    [InlineData("q w", " z")]
    public void Tokens_of_a_merge_that_is_a_pair_may_hold_spaces(string left, string right)
    {
        void Add(JsonNode json, JsonNode merge)
        {
            JsonObject vocabulary = json["model"]!["vocab"]!.AsObject();
            foreach (string token in (string[])[left, right, left + right])
                vocabulary.TryAdd(token, vocabulary.Count);
            json["model"]!["merges"]!.AsArray().Add(merge);
        }

        using TemporaryFolder pair = Tiny(json => Add(json, new JsonArray(left, right))), text = Tiny(json => Add(json, $"{left} {right}"));
        Assert.NotEmpty(PretrainedTokenizer.FromFolder(pair.Path).EncodeToIds("hola"));
        Assert.Contains("is not two tokens with a space between", Assert.Throws<ModelFileException>(() => PretrainedTokenizer.FromFolder(text.Path)).Message,
            StringComparison.Ordinal);
    }

    private static TemporaryFolder Tiny(Action<JsonNode> change)
    {
        TemporaryFolder folder = new TemporaryFolder().WithTiny();
        JsonNode json = JsonNode.Parse(File.ReadAllText(folder.At("tokenizer.json")))!;
        change(json);
        return folder.With("tokenizer.json", json.ToJsonString());
    }
}
