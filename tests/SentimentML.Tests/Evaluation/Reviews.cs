using System.IO.Compression;
using System.Text.Json;
using SentimentML.Tests.Infrastructure;

namespace SentimentML.Tests.Evaluation;

/// <summary>The real reviews beside the checkout, title and body together.</summary>
internal static class Reviews
{
    public static IEnumerable<string> Texts(string split)
    {
        using FileStream file = File.OpenRead(Shared.Path("data", "amazon_reviews_multi_es", $"dataset_es_{split}.json.gz"));
        using StreamReader reader = new(new GZipStream(file, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument row = JsonDocument.Parse(line);
            yield return row.RootElement.GetProperty("review_title").GetString() + "\n\n" + row.RootElement.GetProperty("review_body").GetString();
        }
    }
}
