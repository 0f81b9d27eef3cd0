using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace SentimentML.Tests.Tokenization;

/// <summary>Line by line what transformers gives.</summary>
public class GoldenTests
{
    [Fact]
    public void Ids_offsets_cut_ids_and_decoded_text_are_the_reference_s()
    {
        var differences = new List<string>();
        int rows = 0;
        foreach (JsonElement row in Reference.Lines(Shared.Golden("tokenizer.jsonl")))
        {
            rows++;
            string text = row.GetProperty("text").GetString()!;
            int[] ids = Reference.Ids(row);
            TokenizedText whole = Reference.Bne.Encode(text, maxTokens: int.MaxValue);
            Reference.Compare(differences, "ids", text, ids, whole.Ids);
            Reference.Compare(differences, "offsets", text, Reference.Offsets(row, text), whole.Offsets);
            Reference.Compare(differences, "ids alone", text, ids, Reference.Bne.EncodeToIds(text, maxTokens: int.MaxValue));
            Reference.Compare(differences, "decoded text", text, row.GetProperty("decoded").GetString()!, Reference.Bne.Decode(ids));

            int[] cut = row.GetProperty("ids_512").ValueKind == JsonValueKind.Null ? ids : Reference.Ids(row, "ids_512");
            TokenizedText atMost512 = Reference.Bne.Encode(text);
            Reference.Compare(differences, "ids_512", text, cut, atMost512.Ids);
            Reference.Compare(differences, "ids_512 alone", text, cut, Reference.Bne.EncodeToIds(text));
            Assert.Equal(cut.Length < ids.Length, atMost512.IsTruncated);
        }
        Reference.AssertSame(differences, rows);
    }

    [Fact]
    public void Pairs_are_cut_as_the_reference_cuts_them()
    {
        var differences = new List<string>();
        int rows = 0;
        foreach (JsonElement row in Reference.Lines(Shared.Golden("tokenizer_pairs.jsonl")))
        {
            rows++;
            string a = row.GetProperty("a").GetString()!, b = row.GetProperty("b").GetString()!;
            int maxTokens = row.GetProperty("max_length").GetInt32();
            Reference.Compare(differences, "ids", $"{a} | {b}", Reference.Ids(row), Reference.Bne.EncodeToIds(a, b, maxTokens));
            Reference.Compare(differences, "ids with offsets", $"{a} | {b}", Reference.Ids(row), Reference.Bne.Encode(a, b, maxTokens).Ids);
        }
        Reference.AssertSame(differences, rows);
    }

    [Fact]
    public void Without_the_space_in_front_the_ids_are_the_reference_s()
    {
        var tokenizer = PretrainedTokenizer.FromFolder(Reference.TinyFolder, new PretrainedTokenizerOptions { AddPrefixSpace = false });
        var differences = new List<string>();
        int rows = 0;
        foreach (JsonElement row in Reference.Lines(Shared.Golden("tokenizer_no_prefix_space.jsonl")))
        {
            rows++;
            string text = row.GetProperty("text").GetString()!;
            Reference.Compare(differences, "ids", text, Reference.Ids(row), tokenizer.EncodeToIds(text, maxTokens: int.MaxValue));
        }
        Reference.AssertSame(differences, rows);
    }

    [Fact]
    public void All_ten_thousand_reviews_have_the_reference_s_digest()
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Shared.Golden("tokenizer_all_reviews.json")));
        int[][] ids = Reference.Bne.EncodeBatch(Reference.Reviews(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected.RootElement.GetProperty("reviews").GetInt32(), ids.Length);
        Assert.Equal(expected.RootElement.GetProperty("tokens_with_specials").GetInt32(), ids.Sum(i => i.Length));
        byte[] bytes = [.. ids.SelectMany(i => MemoryMarshal.AsBytes<int>(i).ToArray())];
        Assert.Equal(expected.RootElement.GetProperty("sha256_of_little_endian_int32_ids").GetString(), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Fact]
    public void Reviews_have_the_ids_that_the_tiny_models_were_run_with()
    {
        using JsonDocument forward = JsonDocument.Parse(File.ReadAllText(Shared.Golden("tiny_forward.json")));
        var differences = new List<string>();
        string[] texts = [.. forward.RootElement.GetProperty("texts").EnumerateArray().Select(t => t.GetString()!)];
        for (int i = 0; i < texts.Length; i++)
        {
            int[] ids = [.. forward.RootElement.GetProperty("ids")[i].EnumerateArray().Select(id => id.GetInt32())];
            Reference.Compare(differences, "ids", texts[i], ids, Reference.Tiny.EncodeToIds(texts[i]));
        }
        Reference.AssertSame(differences, texts.Length);
    }
}
