using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.ML;

namespace SentimentML.Tests.Reviews;

public class RealReviewTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData("dataset_es_dev.json.gz")]
    [InlineData("dataset_es_test.json.gz")]
    public void The_corpus_is_read_as_it_is(string name)
    {
        string path = Shared.Path("data", "amazon_reviews_multi_es", name);
        IDataView data = _ml.Data.LoadReviews(path);
        Assert.Equal(["Text", "Stars", "Title", "Body", "review_id", "product_id", "reviewer_id", "language", "product_category"], ReviewFolder.Columns(data));

        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        List<JsonElement> rows = [.. lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(5000, rows.Count);
        Assert.Equal(rows.Select(row => row.GetProperty("review_title").GetString() + "\n\n" + row.GetProperty("review_body").GetString()),
            ReviewFolder.Texts(data));
        Assert.Equal(rows.Select(row => float.Parse(row.GetProperty("stars").GetString()!, CultureInfo.InvariantCulture)), ReviewFolder.Stars(data));
        Assert.Equal(rows.Select(row => row.GetProperty("product_category").GetString()), ReviewFolder.Texts(data, "product_category"));
    }

    [Fact]
    public void Without_3_stars_the_corpus_has_4000_rows()
    {
        IDataView data = _ml.Data.LoadReviews(Shared.Path("data", "amazon_reviews_multi_es", "dataset_es_dev.json.gz"));
        IDataView labeled = _ml.Transforms.Conversion.MapStarsToSentiment().Fit(data).Transform(data);
        Assert.Equal(4000, ReviewFolder.Texts(labeled).Length);
    }

    [Fact]
    public void The_corpus_survives_the_way_through_csv()
    {
        using var folder = new ReviewFolder();
        IDataView data = _ml.Data.LoadReviews(Shared.Path("data", "amazon_reviews_multi_es", "dataset_es_dev.json.gz"));
        string[] titles = ReviewFolder.Texts(data, "Title"), bodies = ReviewFolder.Texts(data, "Body");
        var csv = new StringBuilder("review_title;review_body\r\n");
        for (int i = 0; i < titles.Length; i++)
            csv.Append(CultureInfo.InvariantCulture,
                $"\"{titles[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\";\"{bodies[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\"\r\n");
        Assert.Equal(ReviewFolder.Texts(data), ReviewFolder.Texts(folder.Load("a.csv", csv.ToString())));
    }
}
