using System.Text.Json;

namespace SentimentML.Tests.Tokenization;

/// <summary>Every kind of tokenizer, line by line what tokenizers and transformers give.</summary>
public class FamilyGoldenTests
{
    public static TheoryData<string> Families =>
        ["bert_beto", "bert_uncased", "distilbert", "xlm_roberta", "bert_unigram", "robertuito", "modernbert", "mmbert"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Ids_offsets_decoded_text_and_pairs_are_the_reference_s(string family)
    {
        foreach (string model in (string[])["classifier", "mlm"])
            AssertLines(PretrainedTokenizer.FromFolder(Shared.Golden($"families/{family}/{model}")), Shared.Golden($"families/{family}/tokenizer.jsonl"),
                _ => true);
    }

    [Fact]
    public void The_small_encoder_s_texts_have_the_reference_s_ids_and_offsets() =>
        AssertLines(PretrainedTokenizer.FromFolder(Shared.Path("small")), Shared.Path("small", "tokenizer.jsonl"), _ => true);

    /// <summary>vocab.txt has no added tokens: what the tokenizer.json of the same folder takes for one is text here.</summary>
    [Theory]
    [InlineData("bert_beto", "vocab.txt", "@usuario", "hashtag", "[EOS]")]
    [InlineData("bert_uncased", "vocab.txt")]
    [InlineData("distilbert", "vocab.txt")]
    [InlineData("xlm_roberta", "sentencepiece.bpe.model")]
    [InlineData("bert_unigram", "sentencepiece.bpe.model")]
    public void The_older_file_alone_gives_the_same(string family, string name, params string[] added)
    {
        using var folder = new TemporaryFolder();
        foreach (string file in (string[])[name, "tokenizer_config.json"])
            File.Copy(Shared.Golden($"families/{family}/classifier/{file}"), folder.At(file));
        AssertLines(PretrainedTokenizer.FromFolder(folder.Path), Shared.Golden($"families/{family}/tokenizer.jsonl"), text => !added.Any(text.Contains));
    }

    /// <summary>
    /// CamemBERT's ids of the same pieces (transformers, CamembertTokenizer.fairseq_offset): four more than the file's, where XLM-R's are one more, and the
    /// file's own &lt;s&gt; and &lt;/s&gt;, its second and third pieces.
    /// </summary>
    [Theory]
    [InlineData("tokenizer_config.json", """{"tokenizer_class": "CamembertTokenizer"}""")]
    [InlineData("config.json", """{"model_type": "camembert"}""")]
    public void CamemBERT_s_SentencePiece_model_alone_gives_XLM_R_s_pieces_under_its_own_ids(string name, string json)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(name, json);
        File.Copy(Shared.Golden("families/xlm_roberta/classifier/sentencepiece.bpe.model"), folder.At("sentencepiece.bpe.model"));
        PretrainedTokenizer tokenizer = PretrainedTokenizer.FromFolder(folder.Path);
        int mask = tokenizer.VocabularySize - 1, rows = 0;
        Assert.Equal(("<mask>", "<s>", "</s>", "<pad>", "<unk>", "<s>NOTUSED"), (tokenizer.IdToToken(mask), tokenizer.IdToToken(5), tokenizer.IdToToken(6),
            tokenizer.IdToToken(1), tokenizer.IdToToken(3), tokenizer.IdToToken(0)));
        var differences = new List<string>();
        foreach (JsonElement row in Reference.Lines(Shared.Golden("families/xlm_roberta/tokenizer.jsonl")).Where(row => row.TryGetProperty("text", out _)))
        {
            string text = row.GetProperty("text").GetString()!;
            int[] ids = [.. Reference.Ids(row).Select(id => id switch { 0 => 5, 2 => 6, 1 or 3 => id, _ => id + 3 })];
            Reference.Compare(differences, "ids", text, ids, tokenizer.EncodeToIds(text, null, int.MaxValue));
            rows++;
        }
        Reference.AssertSame(differences, rows);
    }

    [Fact]
    public void The_small_encoder_s_SentencePiece_model_alone_gives_the_same()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Shared.Path("small", "sentencepiece.bpe.model"), folder.At("sentencepiece.bpe.model"));
        AssertLines(PretrainedTokenizer.FromFolder(folder.Path), Shared.Path("small", "tokenizer.jsonl"), _ => true);
    }

    private static void AssertLines(PretrainedTokenizer tokenizer, string path, Func<string, bool> applies)
    {
        var differences = new List<string>();
        int rows = 0;
        foreach (JsonElement row in Reference.Lines(path))
        {
            string text = row.TryGetProperty("text", out JsonElement single) ? single.GetString()! : row.GetProperty("a").GetString()!;
            string? pair = row.TryGetProperty("b", out JsonElement second) ? second.GetString() : null;
            if (!applies(text + pair))
                continue;
            rows++;
            int[] ids = Reference.Ids(row);
            TokenizedText whole = tokenizer.Encode(text, pair, int.MaxValue);
            Reference.Compare(differences, "ids", text, ids, whole.Ids);
            Reference.Compare(differences, "ids alone", text, ids, tokenizer.EncodeToIds(text, pair, int.MaxValue));
            if (row.TryGetProperty("offsets", out _))
                Reference.Compare(differences, "offsets", text, Reference.Offsets(row, text), whole.Offsets);
            if (row.TryGetProperty("decoded", out JsonElement decoded))
                Reference.Compare(differences, "decoded text", text, decoded.GetString()!, tokenizer.Decode(ids));
            if (row.TryGetProperty("types", out _))
                Reference.Compare(differences, "types", text, Reference.Ids(row, "types"), whole.TokenTypes);
        }
        Reference.AssertSame(differences, rows);
    }
}
