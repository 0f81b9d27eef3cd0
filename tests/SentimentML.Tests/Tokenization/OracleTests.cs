using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace SentimentML.Tests.Tokenization;

/// <summary>Ours beside the reference's own code, on prose and on strings of every script, with every part and option.</summary>
public class OracleTests
{
    private static readonly string[] Alphabets =
    [
        "abcdeñáéíóúü ABCÑÁ", "  \t\n\r\u00a0\u2003\u3000\u200b\u200d\u00ad\ufeff\u0085\u2028\u180e", "0123456789½²Ⅷ٣१",
        "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¿¡«»…—€£©®™°ªº·", "\u0301\u0308\u0323\u0327\u030a\u0345\u20dd\u093c\u05b0\u064b\u3099\u0e31\u0f71",
        "中文字日本語かがカガ한국어각ᄀ하ᅡᆨ", "😀👍🏽👨‍👩‍👧🇪🇸❤️☎️𝔘𝟘𐍈🀄", "أبتثлйЙёΆώβאבגक्षกำ", "ﬁﬂ①㈱ﷺ½ſKÅǅİıßẞΣς℃㎏ﾊﾟＡｂ！", "▁Ġ##<>[]|@",
        "\u0001\u0007\u000b\u000c\u001f\u007f\u0080\u009f\ufffd\uffff\ue000\u0378",
    ];

    private static readonly string[] Tokens =
        ["<mask>", "[MASK]", "<s>", "</s>", "[CLS]", "[SEP]", "@usuario", "hashtag", "url", "http://url", "<x>", "ÁRBOL", "el", "Día", "  ", "    ", "``",
            "''", "n't"];

    public static TheoryData<string> Kinds =>
        ["bert_beto", "bert_uncased", "distilbert", "xlm_roberta", "bert_unigram", "robertuito", "modernbert", "mmbert", "small"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Two_thousand_lines_of_prose_and_strings_of_every_script_have_the_reference_s_ids(string kind)
    {
        using Oracle oracle = Oracle.Of(kind);
        foreach (string line in Prose().Take(2000))
            oracle.Compare(line, decode: true);
        foreach (string text in Strings(seed: 41, 500))
            oracle.Compare(text);
        oracle.AssertSame();
    }

    [Fact]
    public void BertNormalizer_follows_its_flags()
    {
        foreach (bool lowercase in (bool[])[true, false])
        {
            foreach (bool? stripAccents in (bool?[])[null, true, false])
            {
                AssertSame("bert_beto", $"lowercase {lowercase}, strip_accents {stripAccents}", json =>
                {
                    json["normalizer"]!["lowercase"] = lowercase;
                    json["normalizer"]!["strip_accents"] = stripAccents;
                });
            }
        }
        AssertSame("bert_uncased", "as it is written", json =>
        {
            json["normalizer"]!["clean_text"] = false;
            json["normalizer"]!["handle_chinese_chars"] = false;
        });
        AssertSame("bert_uncased", "words of five characters", json => json["model"]!["max_input_chars_per_word"] = 5);
    }

    [Fact]
    public void Metaspace_follows_its_flags()
    {
        foreach (string scheme in (string[])["never", "first", "always"])
        {
            foreach (bool split in (bool[])[true, false])
            {
                foreach (string kind in (string[])["xlm_roberta", "robertuito"])
                {
                    AssertSame(kind, $"prepend_scheme {scheme}, split {split}", json =>
                    {
                        json["pre_tokenizer"]!["prepend_scheme"] = scheme;
                        json["pre_tokenizer"]!["split"] = split;
                    });
                }
            }
        }
        AssertSame("xlm_roberta", "old", json => json["pre_tokenizer"] =
            JsonNode.Parse("""{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "add_prefix_space": true}]}"""));
    }

    [Fact]
    public void Bpe_follows_its_flags()
    {
        foreach (string kind in (string[])["mmbert", "robertuito"])
        {
            for (int flags = 0; flags < 16; flags++)
            {
                AssertSame(kind, $"flags {flags}", json =>
                {
                    json["model"]!["fuse_unk"] = (flags & 1) != 0;
                    json["model"]!["byte_fallback"] = (flags & 2) != 0;
                    json["model"]!["unk_token"] = (flags & 4) != 0 ? "<unk>" : null;
                    json["model"]!["ignore_merges"] = (flags & 8) != 0;
                });
            }
        }
    }

    [Fact]
    public void Added_tokens_follow_their_flags()
    {
        foreach (string kind in (string[])["bert_uncased", "modernbert", "mmbert"])
        {
            for (int flags = 0; flags < 16; flags++)
            {
                AssertSame(kind, $"flags {flags}", json =>
                {
                    int id = kind == "modernbert" ? 2003 : 2000;
                    foreach (string content in (string[])["<x>", "Día", "ÁRBOL", "x y"])
                    {
                        json["added_tokens"]!.AsArray().Add(new JsonObject
                        {
                            ["id"] = id, ["content"] = content, ["special"] = false,
                            ["lstrip"] = (flags & 1) != 0, ["rstrip"] = (flags & 2) != 0, ["single_word"] = (flags & 4) != 0, ["normalized"] = (flags & 8) != 0,
                        });
                        id++;
                    }
                });
            }
        }
    }

    [Fact]
    public void Normalizers_and_pre_tokenizers_of_every_type_give_the_reference_s_ids()
    {
        foreach (string type in (string[])["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt"])
            AssertSame("modernbert", type, json => json["normalizer"] = new JsonObject { ["type"] = type });
        foreach (string normalizer in (string[])
        [
            """{"type": "Strip", "strip_left": true, "strip_right": true}""", """{"type": "Strip", "strip_left": false, "strip_right": true}""",
            """{"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Replace", "pattern": {"String": "x"}, "content": ""}, {"type": "ByteLevel"}]}""",
            """{"type": "ByteLevel"}""", """{"type": "Prepend", "prepend": "▁"}""", """{"type": "Replace", "pattern": {"String": "a"}, "content": "xyz"}""",
        ])
            AssertSame("mmbert", normalizer, json => json["normalizer"] = JsonNode.Parse(normalizer));
        foreach (string preTokenizer in (string[])
        [
            """{"type": "Whitespace"}""", """{"type": "WhitespaceSplit"}""", """{"type": "BertPreTokenizer"}""",
            """{"type": "CharDelimiterSplit", "delimiter": "e"}""", """{"type": "CharDelimiterSplit", "delimiter": "😀"}""",
            """{"type": "FixedLength", "length": 3}""", """{"type": "FixedLength"}""",
            """{"type": "Punctuation", "behavior": "Contiguous"}""", """{"type": "Punctuation", "behavior": "Removed"}""",
            """{"type": "Punctuation", "behavior": "MergedWithPrevious"}""", """{"type": "Punctuation", "behavior": "MergedWithNext"}""",
            """{"type": "Punctuation"}""",
            """{"type": "Digits", "individual_digits": true}""", """{"type": "Digits", "individual_digits": false}""",
            """{"type": "Split", "pattern": {"String": "e"}, "behavior": "MergedWithNext", "invert": false}""",
        ])
        {
            AssertSame("bert_uncased", preTokenizer, json => json["pre_tokenizer"] = JsonNode.Parse(preTokenizer));
            AssertSame("modernbert", preTokenizer, json => json["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(
                    JsonNode.Parse(preTokenizer),
                    JsonNode.Parse("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}""")),
            });
        }
    }

    [Fact]
    public void Byte_level_words_follow_their_flags()
    {
        foreach (bool prefix in (bool[])[true, false])
        {
            foreach (bool words in (bool[])[true, false])
            {
                AssertSame("modernbert", $"add_prefix_space {prefix}, use_regex {words}", json => json["pre_tokenizer"] = new JsonObject
                {
                    ["type"] = "ByteLevel", ["add_prefix_space"] = prefix, ["trim_offsets"] = true, ["use_regex"] = words,
                });
            }
        }
        AssertSame("modernbert", "bytes by the normalizer alone", json =>
        {
            json["normalizer"] = new JsonObject { ["type"] = "ByteLevel" };
            json["pre_tokenizer"] = null;
        });
    }

    [Fact]
    public void Whole_words_are_tokens()
    {
        foreach (string preTokenizer in (string[])["Whitespace", "WhitespaceSplit", "BertPreTokenizer"])
        {
            AssertSame("bert_uncased", preTokenizer, json =>
            {
                json["model"] = new JsonObject { ["type"] = "WordLevel", ["vocab"] = json["model"]!["vocab"]!.DeepClone(), ["unk_token"] = "[UNK]" };
                json["pre_tokenizer"] = new JsonObject { ["type"] = preTokenizer };
            });
        }
    }

    [Theory]
    [InlineData("##", "")]
    [InlineData("", "</w>")]
    [InlineData("##", "</w>")]
    public void A_word_s_later_and_last_tokens_may_have_a_mark(string prefix, string suffix)
    {
        (JsonObject vocabulary, JsonArray merges) = Trained(prefix, suffix);
        foreach (string? unknown in (string?[])[null, "<unk>"])
        {
            AssertSame("mmbert", $"'{prefix}' '{suffix}' {unknown}", json =>
            {
                json["model"] = new JsonObject
                {
                    ["type"] = "BPE", ["continuing_subword_prefix"] = prefix.Length == 0 ? null : prefix,
                    ["end_of_word_suffix"] = suffix.Length == 0 ? null : suffix, ["unk_token"] = unknown,
                    ["fuse_unk"] = false, ["vocab"] = vocabulary.DeepClone(), ["merges"] = merges.DeepClone(),
                };
                (json["normalizer"], json["pre_tokenizer"]) = (null, new JsonObject { ["type"] = "Whitespace" });
            });
        }
    }

    [Theory]
    [InlineData(@"\s+")]
    [InlineData(@"(?<=a)\s")]
    [InlineData(@"[^\w\s]")]
    [InlineData(@"\d{1,3}")]
    [InlineData(@"(?i:el|los)\b")]
    [InlineData("a*")]
    [InlineData(@"\p{Lu}\p{Ll}+")]
    [InlineData(@"^\s|\s$")]
    [InlineData(".")]
    [InlineData(@"\W+")]
    [InlineData("[a-f]{2,}?")]
    [InlineData(@"[^\p{L}\p{N}]++e")]
    [InlineData(@"e|é|\x{e1}")]
    [InlineData(@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    public void Regular_expressions_find_what_the_reference_s_find(string pattern)
    {
        AssertSame("mmbert", pattern, json =>
            json["normalizer"] = new JsonObject { ["type"] = "Replace", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["content"] = "X y" });
        int i = 0;
        foreach (string behavior in (string[])["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"])
        {
            AssertSame("mmbert", $"{pattern} {behavior}", json => json["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = behavior, ["invert"] = i++ % 2 == 0,
            });
        }
    }

    /// <summary>Byte fallback shows what becomes of each character.</summary>
    [Fact]
    public void Every_character_is_normalized_as_the_reference_normalizes_it()
    {
        int[] codePoints =
        [
            .. Enumerable.Range(1, 0x3400), .. Enumerable.Range(0xA000, 0xD00), .. Enumerable.Range(0xD780, 0x80), .. Enumerable.Range(0xF900, 0x700),
            .. Enumerable.Range(0x10000, 0x3000), .. Enumerable.Range(0x16000, 0x1000), .. Enumerable.Range(0x1B000, 0x5000),
            .. Enumerable.Range(0x2F800, 0x220), .. Enumerable.Range(0xE0000, 0x200),
        ];
        string[] texts = [.. codePoints.Chunk(128).Select(chunk => string.Concat(chunk.Select(c => $"a{char.ConvertFromUtf32(c)}e")))];
        foreach (string normalizer in (string[])
        [
            """{"type": "NFC"}""", """{"type": "NFD"}""", """{"type": "NFKC"}""", """{"type": "NFKD"}""", """{"type": "Lowercase"}""",
            """{"type": "StripAccents"}""",
            """{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true}""",
        ])
        {
            using Oracle oracle = Oracle.Of("mmbert", normalizer, json => json["normalizer"] = JsonNode.Parse(normalizer));
            foreach (string text in texts)
                oracle.Compare(text);
            oracle.AssertSame();
        }
        using Oracle words = Oracle.Of("bert_beto");
        using Oracle rules = Oracle.Of("xlm_roberta");
        foreach (string text in texts)
        {
            words.Compare(text);
            rules.Compare(text);
        }
        words.AssertSame();
        rules.AssertSame();
    }

    /// <summary>A vocabulary with 300 merges, learned from the first lines of the prose; mmBERT's special tokens in front.</summary>
    private static (JsonObject Vocabulary, JsonArray Merges) Trained(string prefix, string suffix)
    {
        string path = Shared.Golden("families", "mmbert", "classifier", "tokenizer.json");
        string[] special = [.. JsonNode.Parse(File.ReadAllText(path))!["added_tokens"]!.AsArray().OrderBy(token => (int)token!["id"]!)
            .Select(token => token!["content"]!.ToString())];
        List<string>[] words = [.. Prose().Take(60).SelectMany(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Select(word => word.EnumerateRunes().Select(rune => rune.ToString()).ToList())];
        foreach (List<string> word in words)
        {
            for (int i = 1; i < word.Count; i++)
                word[i] = prefix + word[i];
            word[^1] += suffix;
        }
        List<string> tokens = [.. special, .. words.SelectMany(word => word).Distinct().Order(StringComparer.Ordinal)];
        var merges = new JsonArray();
        for (int n = 0; n < 300; n++)
        {
            (string left, string right) = words.SelectMany(word => word.Zip(word.Skip(1))).CountBy(pair => pair)
                .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.First + pair.Key.Second, StringComparer.Ordinal).First().Key;
            string both = left + right[prefix.Length..];
            merges.Add(new JsonArray(left, right));
            if (!tokens.Contains(both))
                tokens.Add(both);
            foreach (List<string> word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] = both;
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }
        return (new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))), merges);
    }

    private static void AssertSame(string kind, string name, Action<JsonNode> change)
    {
        using Oracle oracle = Oracle.Of(kind, name, change);
        foreach (string text in Strings(seed: name.Length, 60))
            oracle.Compare(text);
        oracle.AssertSame();
    }

    /// <summary>Public-domain prose beside the checkout, by the xz that is on Linux.</summary>
    private static IEnumerable<string> Prose()
    {
        string path = Shared.Path("data", "spanish_prose", "spanish_prose.txt.xz");
        using Process xz = Process.Start(new ProcessStartInfo("xz", ["-dc", path]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        try
        {
            int at = 0;
            while (xz.StandardOutput.ReadLine() is { } line)
            {
                if (line.Length > 0 && at++ % 40 == 0)
                    yield return line;
            }
        }
        finally
        {
            xz.Kill(); // the callers take fewer lines than there are
        }
    }

    private static IEnumerable<string> Strings(int seed, int count)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            var text = new StringBuilder();
            string[] alphabets = [Alphabets[random.Next(Alphabets.Length)], Alphabets[random.Next(Alphabets.Length)], Alphabets[0], Alphabets[0]];
            for (int n = random.Next(1, 40); n > 0; n--)
            {
                Rune[] runes = [.. alphabets[random.Next(4)].EnumerateRunes()];
                text.Append(random.Next(12) switch
                {
                    0 => Tokens[random.Next(Tokens.Length)] + " ",
                    1 when i % 7 == 0 => string.Concat(Enumerable.Repeat(runes[random.Next(runes.Length)].ToString(), random.Next(1, 150))),
                    2 => " ",
                    _ => runes[random.Next(runes.Length)].ToString(),
                });
            }
            yield return text.ToString();
        }
    }
}
