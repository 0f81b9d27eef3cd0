using System.Text.Json.Nodes;

namespace SentimentML.Tests.Tokenization;

/// <summary>From which files a tokenizer is read, and into which it is written.</summary>
public class TokenizerFilesTests
{
    private static readonly string[] Written = ["tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"];

    private static readonly string[] Texts =
        ["La casa es grande", " y el\njardín <mask> también</s>", "", "12 euros 😀, ¿no?", "áéíóú\u00a0ñ\t x"];

    private static void AssertSame(PretrainedTokenizer expected, PretrainedTokenizer actual)
    {
        foreach (string text in Texts)
        {
            Assert.Equal(expected.EncodeToIds(text), actual.EncodeToIds(text));
            Assert.Equal(expected.Encode(text).Offsets, actual.Encode(text).Offsets);
        }
        Assert.Equal((expected.VocabularySize, expected.MaxTokens, expected.AddPrefixSpace), (actual.VocabularySize, actual.MaxTokens, actual.AddPrefixSpace));
        Assert.Equal((expected.ClsTokenId, expected.SepTokenId, expected.PadTokenId, expected.MaskTokenId),
            (actual.ClsTokenId, actual.SepTokenId, actual.PadTokenId, actual.MaskTokenId));
    }

    [Fact]
    public void What_was_read_is_written_byte_for_byte_even_when_the_source_is_gone()
    {
        using var target = new TemporaryFolder();
        PretrainedTokenizer tokenizer;
        using (TemporaryFolder source = new TemporaryFolder().WithTiny())
            tokenizer = PretrainedTokenizer.FromFolder(source.Path);
        tokenizer.Save(target.Path);
        Assert.Equal(Written.Order(), Directory.GetFiles(target.Path).Select(Path.GetFileName).Order());
        foreach (string name in Written)
            Assert.Equal(File.ReadAllBytes(Path.Combine(Reference.TinyFolder, name)), File.ReadAllBytes(target.At(name)));
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer.json", "tokenizer_config.json")]
    [InlineData("vocab.json", "merges.txt", "tokenizer_config.json")]
    [InlineData("vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json")]
    [InlineData("vocab.json", "merges.txt")]
    public void Any_set_of_files_that_is_enough_is_read_and_made_whole(params string[] names)
    {
        using TemporaryFolder source = new TemporaryFolder().WithTiny(names);
        using var target = new TemporaryFolder();
        var tokenizer = PretrainedTokenizer.FromFolder(source.Path);
        tokenizer.Save(target.Path);
        AssertSame(tokenizer, PretrainedTokenizer.FromFolder(target.Path));
        foreach (string name in names)
            Assert.Equal(File.ReadAllBytes(source.At(name)), File.ReadAllBytes(target.At(name)));

        // each of the two ways of reading gives the same
        foreach (string gone in (string[])["tokenizer.json", "vocab.json"])
        {
            File.Move(target.At(gone), target.At("aside"));
            AssertSame(tokenizer, PretrainedTokenizer.FromFolder(target.Path));
            File.Move(target.At("aside"), target.At(gone));
        }
    }

    [Fact]
    public void A_configuration_that_is_made_names_the_class_of_transformers()
    {
        using TemporaryFolder source = new TemporaryFolder().WithTiny("vocab.json", "merges.txt");
        using var target = new TemporaryFolder();
        PretrainedTokenizer.FromFolder(source.Path).Save(target.Path);
        Assert.Equal("RobertaTokenizer", JsonNode.Parse(File.ReadAllText(target.At("tokenizer_config.json")))!["tokenizer_class"]!.GetValue<string>());
    }

    [Fact]
    public void The_vocabulary_and_the_merges_made_from_tokenizer_json_say_what_the_published_ones_say()
    {
        using TemporaryFolder source = new TemporaryFolder().WithTiny("tokenizer.json");
        using var target = new TemporaryFolder();
        PretrainedTokenizer.FromFolder(source.Path).Save(target.Path);
        Assert.Equal(File.ReadAllText(Path.Combine(Reference.TinyFolder, "merges.txt")), File.ReadAllText(target.At("merges.txt")));
        JsonNode published = JsonNode.Parse(File.ReadAllText(Path.Combine(Reference.TinyFolder, "vocab.json")))!;
        Assert.True(JsonNode.DeepEquals(published, JsonNode.Parse(File.ReadAllText(target.At("vocab.json")))));
    }

    [Fact]
    public void Merges_as_text_and_as_pairs_are_the_same()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny();
        JsonNode json = JsonNode.Parse(File.ReadAllText(folder.At("tokenizer.json")))!;
        JsonArray merges = json["model"]!["merges"]!.AsArray();
        json["model"]!["merges"] = new JsonArray([.. merges.Select(m => JsonValue.Create($"{m![0]} {m[1]}"))]);
        AssertSame(Reference.Tiny, PretrainedTokenizer.FromFolder(folder.With("tokenizer.json", json.ToJsonString()).Path));
    }

    [Fact]
    public void What_an_option_says_otherwise_is_written_too()
    {
        using var target = new TemporaryFolder();
        var options = new PretrainedTokenizerOptions { AddPrefixSpace = false, SpecialTokensInText = false, MaxTokens = 64 };
        var tokenizer = PretrainedTokenizer.FromFolder(Reference.TinyFolder, options);
        tokenizer.Save(target.Path);
        AssertSame(tokenizer, PretrainedTokenizer.FromFolder(target.Path));

        JsonNode json = JsonNode.Parse(File.ReadAllText(target.At("tokenizer.json")))!;
        Assert.False(json["pre_tokenizer"]!["add_prefix_space"]!.GetValue<bool>());
        JsonNode config = JsonNode.Parse(File.ReadAllText(target.At("tokenizer_config.json")))!;
        Assert.Equal((false, true, 64),
            (config["add_prefix_space"]!.GetValue<bool>(), config["split_special_tokens"]!.GetValue<bool>(), config["model_max_length"]!.GetValue<int>()));
        Assert.Equal("RobertaTokenizer", config["tokenizer_class"]!.GetValue<string>());
    }

    /// <summary>What Python writes for a tokenizer without a limit, and what other programs write.</summary>
    [Theory]
    [InlineData("1000000000000000019884624838656", 512)]
    [InlineData("Infinity", 512)]
    [InlineData("NaN", 512)]
    [InlineData("-1", 512)]
    [InlineData("2", 512)]
    [InlineData("\"none\"", 512)]
    [InlineData("\"256\"", 256)]
    [InlineData("256.0", 256)]
    public void The_most_tokens_are_what_the_configuration_s_number_says_if_a_text_fits_into_it(string written, int expected)
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny("tokenizer.json");
        folder.With("tokenizer_config.json", $$"""{"cls_token": "<s>", "model_max_length": {{written}}}""");
        Assert.Equal(expected, PretrainedTokenizer.FromFolder(folder.Path).MaxTokens);
    }

    /// <summary>transformers replaces it at every call.</summary>
    [Fact]
    public void The_length_that_a_program_left_in_tokenizer_json_is_no_limit()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny("tokenizer.json");
        JsonNode json = JsonNode.Parse(folder.Read("tokenizer.json"))!;
        json["truncation"] = new JsonObject { ["direction"] = "Right", ["max_length"] = 8, ["strategy"] = "LongestFirst", ["stride"] = 0 };
        folder.With("tokenizer.json", json.ToJsonString());
        Assert.Equal(512, PretrainedTokenizer.FromFolder(folder.Path).MaxTokens);
    }

    [Fact]
    public void The_configuration_s_added_tokens_go_before_tokenizer_json_s()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny("tokenizer.json");
        folder.With("tokenizer_config.json",
            """{"add_prefix_space": true, "added_tokens_decoder": {"4": {"content": "<mask>", "lstrip": true, "normalized": false, "rstrip": false, "single_word": false, "special": true}}, "mask_token": "<mask>"}""");
        var tokenizer = PretrainedTokenizer.FromFolder(folder.Path);
        Assert.Equal(3, tokenizer.EncodeToIds(" <mask>").Length);
        Assert.Equal(4, Reference.Tiny.EncodeToIds(" <mask>").Length);
    }

    [Fact]
    public void Special_tokens_of_other_names_are_found_by_the_configuration()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny("vocab.json", "merges.txt");
        folder.With("tokenizer_config.json",
            """{"cls_token": "El", "sep_token": {"content": "La", "lstrip": false, "normalized": true, "rstrip": false, "single_word": false}, "model_max_length": 1e30}""");
        var tokenizer = PretrainedTokenizer.FromFolder(folder.Path);
        Assert.Equal((tokenizer.TokenToId("El"), tokenizer.TokenToId("La"), 512), (tokenizer.ClsTokenId, tokenizer.SepTokenId, tokenizer.MaxTokens));
    }

    [Fact]
    public void A_special_token_to_which_no_file_gives_an_id_gets_the_next_one()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithTiny("vocab.json", "merges.txt");
        folder.With("tokenizer_config.json",
            """{"mask_token": "[MASK]", "bos_token": "", "additional_special_tokens": ["<x>", {"content": "<y>", "lstrip": true}, "<s>"]}""");
        var tokenizer = PretrainedTokenizer.FromFolder(folder.Path);
        Assert.Equal((2000, 2001, 2002, 2003), (tokenizer.MaskTokenId, tokenizer.TokenToId("<x>"), tokenizer.TokenToId("<y>"), tokenizer.VocabularySize));
        Assert.Equal([0, 2000, 2001, 2002, 2], tokenizer.EncodeToIds("[MASK]<x>  <y>"));
        Assert.True(tokenizer.IsSpecial(2001));
    }

    [Fact]
    public void Of_a_line_of_vocab_txt_that_stands_twice_the_last_counts()
    {
        using var folder = new TemporaryFolder();
        folder.With("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nque\nbueno\nque\n\n\n");
        var tokenizer = PretrainedTokenizer.FromFolder(folder.Path);
        Assert.Equal([2, 6, 5, 3], tokenizer.EncodeToIds("Qué bueno"));
        Assert.Null(tokenizer.IdToToken(4));
        Assert.Equal(9, tokenizer.VocabularySize);
    }
}
