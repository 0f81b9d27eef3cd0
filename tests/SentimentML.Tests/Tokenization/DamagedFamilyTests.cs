using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace SentimentML.Tests.Tokenization;

/// <summary>Damaged files of every kind: each ends in a tokenizer or in a message that names the file.</summary>
public class DamagedFamilyTests
{
    [Theory]
    [InlineData("bert_beto", "tokenizer.json", 150)]
    [InlineData("bert_uncased", "vocab.txt", 150)]
    [InlineData("xlm_roberta", "tokenizer.json", 100)]
    [InlineData("xlm_roberta", "sentencepiece.bpe.model", 150)]
    [InlineData("robertuito", "tokenizer.json", 100)]
    [InlineData("modernbert", "tokenizer.json", 100)]
    [InlineData("mmbert", "tokenizer.json", 100)]
    [InlineData("bert_uncased", "tokenizer_config.json", 100)]
    public void Every_damage_ends_in_a_tokenizer_or_a_message(string family, string name, int times)
    {
        using var folder = new TemporaryFolder();
        foreach (string file in (string[])[name, "tokenizer_config.json", .. name == "tokenizer_config.json" ? ["vocab.txt"] : Array.Empty<string>()])
            folder.With(file, File.ReadAllBytes(Shared.Golden("families", family, "classifier", file)));
        byte[] sound = File.ReadAllBytes(folder.At(name));
        var random = new Random(77);
        int refused = 0;
        for (int i = 0; i < times; i++)
        {
            folder.With(name, Damage.Of(sound, random));
            try
            {
                var tokenizer = PretrainedTokenizer.FromFolder(folder.Path);
                TokenizedText tokens = tokenizer.Encode("La casa [MASK] es\u0301 😀 graNde, ¿no? ½ ㈱\r\n", "url @usuario ");
                Assert.All(tokens.Offsets, offset => Assert.InRange(offset.Start, 0, offset.End));
                tokenizer.Decode([.. tokens.Ids]);
                Assert.NotEmpty(tokenizer.Files);
            }
            catch (SentimentMLException e)
            {
                Assert.True(e.Message.Contains(name, StringComparison.Ordinal) || e.Message.Contains("tokenizer", StringComparison.Ordinal), e.Message);
                refused++;
            }
        }
        Assert.True(refused > (name == "vocab.txt" ? 0 : times / 10), $"only {refused} of {times} were refused");
    }

    private static string MessageOf(string family, string name, Func<byte[], byte[]> damage)
    {
        using var folder = new TemporaryFolder();
        folder.With(name, damage(File.ReadAllBytes(Shared.Golden("families", family, "classifier", name))));
        return Assert.Throws<ModelFileException>(() => PretrainedTokenizer.FromFolder(folder.Path)).Message;
    }

    private static string JsonMessageOf(string family, Action<JsonNode> damage) => MessageOf(family, "tokenizer.json", bytes =>
    {
        JsonNode json = JsonNode.Parse(bytes)!;
        damage(json);
        return System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
    });

    [Fact]
    public void A_damaged_table_of_normalization_rules_is_named()
    {
        byte[] table = [];
        string MessageWith(Func<byte[]> damaged) => JsonMessageOf("xlm_roberta", json =>
        {
            JsonNode precompiled = json["normalizer"]!["normalizers"]![0]!;
            table = Convert.FromBase64String(precompiled["precompiled_charsmap"]!.GetValue<string>());
            precompiled["precompiled_charsmap"] = Convert.ToBase64String(damaged());
        });

        Assert.Contains("precompiled_charsmap is damaged", MessageWith(() => table[..1000]), StringComparison.Ordinal);
        Assert.Contains("it has 2 bytes", MessageWith(() => table[..2]), StringComparison.Ordinal);
        Assert.Contains("does not fit", MessageWith(() => [0xFF, 0xFF, 0xFF, 0x7F, .. table[4..]]), StringComparison.Ordinal);
        Assert.Contains("goes round in circles", MessageWith(Cycle), StringComparison.Ordinal);
        Assert.Contains("its replacements have more than 64 bytes", MessageWith(LongReplacements), StringComparison.Ordinal);
        Assert.Contains("not base64", JsonMessageOf("xlm_roberta", json => json["normalizer"]!["normalizers"]![0]!["precompiled_charsmap"] = "*"),
            StringComparison.Ordinal);

        // 127 rules that share one replacement of 1,000 bytes: unit 255 is the leaf of each
        static byte[] LongReplacements()
        {
            var table = new byte[4 + 256 * 4 + 1000];
            BinaryPrimitives.WriteInt32LittleEndian(table, 256 * 4);
            for (int label = 1; label < 128; label++)
                BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4 + label * 4), (uint)label | 1u << 8 | (uint)(label ^ 255) << 10);
            table.AsSpan(4 + 256 * 4).Fill((byte)'x');
            return table;
        }

        // a trie whose every unit answers to its place: each label leads on for ever
        static byte[] Cycle()
        {
            var cycle = new byte[4 + 256 * 4];
            BinaryPrimitives.WriteInt32LittleEndian(cycle, 256 * 4);
            for (int i = 0; i < 256; i++)
                BinaryPrimitives.WriteUInt32LittleEndian(cycle.AsSpan(4 + i * 4), (uint)i | (uint)i << 10);
            return cycle;
        }
    }

    [Fact]
    public void An_expression_that_backtracks_without_end_is_stopped()
    {
        using var folder = new TemporaryFolder();
        JsonNode json = JsonNode.Parse(File.ReadAllText(Shared.Golden("families", "mmbert", "classifier", "tokenizer.json")))!;
        json["normalizer"] = JsonNode.Parse("""{"type": "Replace", "pattern": {"Regex": "(?=(a|aa)+\\d)"}, "content": ""}""");
        var tokenizer = PretrainedTokenizer.FromFolder(folder.With("tokenizer.json", json.ToJsonString()).Path);
        string text = new string('a', 100) + "c";
        Assert.Contains("takes more than", Assert.Throws<SentimentMLException>(() => tokenizer.Encode(text)).Message, StringComparison.Ordinal);
        Assert.Contains("takes more than",
            Assert.Throws<SentimentMLException>(() => tokenizer.EncodeBatch([text], cancellationToken: TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        Assert.Contains("lacks '[UNK]'", MessageOf("bert_uncased", "vocab.txt", _ => "a\nb\n"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("it is empty", MessageOf("bert_uncased", "vocab.txt", _ => []), StringComparison.Ordinal);
        Assert.Contains("sentencepiece.bpe.model", MessageOf("xlm_roberta", "sentencepiece.bpe.model", bytes => bytes[..(bytes.Length / 2)]),
            StringComparison.Ordinal);
        Assert.Contains("it has no pieces", MessageOf("xlm_roberta", "sentencepiece.bpe.model", _ => []), StringComparison.Ordinal);
        Assert.Contains("token types are 0 1 0", JsonMessageOf("bert_beto", json => json["post_processor"]!["single"]![1]!["Sequence"]!["type_id"] = 1),
            StringComparison.Ordinal);
        Assert.Contains("has the id 40, which is", JsonMessageOf("bert_beto", json => json["post_processor"]!["special_tokens"]!["[CLS]"]!["ids"]![0] = 40),
            StringComparison.Ordinal);
        Assert.Contains("the score of piece 4", JsonMessageOf("xlm_roberta", json => json["model"]!["vocab"]![4]![1] = "x"), StringComparison.Ordinal);
        Assert.Contains("unk_id is -1", JsonMessageOf("xlm_roberta", json => json["model"]!["unk_id"] = -1), StringComparison.Ordinal);
        Assert.Contains("the prepend_scheme sometimes", JsonMessageOf("robertuito", json => json["pre_tokenizer"]!["prepend_scheme"] = "sometimes"),
            StringComparison.Ordinal);
        Assert.Contains("regular expression '(a': a '(' without its ')'", JsonMessageOf("robertuito",
            json => json["normalizer"]!["normalizers"]![2]!["pattern"]!["Regex"] = "(a"), StringComparison.Ordinal);
    }
}
