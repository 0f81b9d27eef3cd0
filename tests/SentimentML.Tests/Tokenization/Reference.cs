using System.IO.Compression;
using System.Text.Json;

namespace SentimentML.Tests.Tokenization;

/// <summary>The reference's outputs, and the tokenizers that they were made with.</summary>
internal static class Reference
{
    public static string TinyFolder { get; } = Shared.Golden("tiny_mlm");

    private static readonly Lazy<PretrainedTokenizer> TinyTokenizer = new(() => PretrainedTokenizer.FromFolder(TinyFolder));
    private static readonly Lazy<PretrainedTokenizer> BneTokenizer = new(() => PretrainedTokenizer.FromFolder(Shared.Path("tokenizers", "bne")));

    /// <summary>2,000 tokens, in the project.</summary>
    public static PretrainedTokenizer Tiny => TinyTokenizer.Value;

    /// <summary>50,262 tokens, beside the checkout.</summary>
    public static PretrainedTokenizer Bne
    {
        get
        {
            Shared.Path("tokenizers", "bne");
            return BneTokenizer.Value;
        }
    }

    /// <summary>Copies files of the tiny tokenizer, all or those named.</summary>
    public static TemporaryFolder WithTiny(this TemporaryFolder folder, params string[] names)
    {
        foreach (string name in names.Length > 0 ? names : ["tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"])
            File.Copy(Path.Combine(TinyFolder, name), folder.At(name));
        return folder;
    }

    public static IEnumerable<JsonElement> Lines(string path) => File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement);

    /// <summary>Title, blank line, body, in the order of the files.</summary>
    public static List<string> Reviews()
    {
        var texts = new List<string>();
        foreach (string name in (string[])["dataset_es_dev.json.gz", "dataset_es_test.json.gz"])
        {
            using var reader = new StreamReader(
                new GZipStream(File.OpenRead(Shared.Path("data", "amazon_reviews_multi_es", name)), CompressionMode.Decompress));
            while (reader.ReadLine() is { } line)
            {
                using JsonDocument review = JsonDocument.Parse(line);
                texts.Add($"{review.RootElement.GetProperty("review_title").GetString()}\n\n{review.RootElement.GetProperty("review_body").GetString()}");
            }
        }
        return texts;
    }

    public static int[] Ids(JsonElement row, string name = "ids") => [.. row.GetProperty(name).EnumerateArray().Select(i => i.GetInt32())];

    /// <summary>The reference's offsets, which count code points, in UTF-16 units.</summary>
    public static TokenOffset[] Offsets(JsonElement row, string text)
    {
        var units = new List<int>();
        for (int i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
            units.Add(i);
        units.Add(text.Length);
        return [.. row.GetProperty("offsets").EnumerateArray().Select(o => new TokenOffset(units[o[0].GetInt32()], units[o[1].GetInt32()]))];
    }

    /// <summary>Fails with the text, what was expected and what came out, if any row differs.</summary>
    public static void AssertSame(List<string> differences, int rows)
    {
        Assert.True(rows > 0, "the file has no rows");
        Assert.True(differences.Count == 0, $"{differences.Count} differences in {rows} rows:\n{string.Join("\n\n", differences.Take(5))}");
    }

    public static void Compare<T>(List<string> differences, string what, string text, IEnumerable<T> expected, IEnumerable<T> actual)
    {
        if (!expected.SequenceEqual(actual))
            differences.Add($"{what} of {JsonSerializer.Serialize(text)}\nexpected {string.Join(' ', expected)}\nactual   {string.Join(' ', actual)}");
    }
}
