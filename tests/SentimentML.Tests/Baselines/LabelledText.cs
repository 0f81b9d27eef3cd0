using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace SentimentML.Tests.Baselines;

/// <summary>Texts with their label's name, as data views that the baselines take.</summary>
internal sealed class LabelledText
{
    public string Text { get; set; } = "";
    public string Sentiment { get; set; } = "";

    /// <summary>Columns Text and Label, a key in the order of the names.</summary>
    public static IDataView View(MLContext ml, IReadOnlyList<LabelledText> rows)
    {
        IDataView view = ml.Data.LoadFromEnumerable(rows);
        return ml.Transforms.Conversion.MapValueToKey("Label", nameof(Sentiment), keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(view).Transform(view);
    }

    /// <summary>The reviews that are not in the middle, 1-2 stars negative and 4-5 positive.</summary>
    public static List<LabelledText> Reviews(string file)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(Shared.Path("data", "amazon_reviews_multi_es", file)), CompressionMode.Decompress));
        List<LabelledText> rows = [];
        while (lines.ReadLine() is { } line)
        {
            using JsonDocument review = JsonDocument.Parse(line);
            string Field(string name) => review.RootElement.GetProperty(name).GetString()!;
            if (Field("stars") == "3") continue;
            rows.Add(new LabelledText { Text = $"{Field("review_title")}\n\n{Field("review_body")}",
                Sentiment = Field("stars")[0] < '3' ? "negative" : "positive" });
        }
        return rows;
    }

    /// <summary>Short made-up texts in three unbalanced classes.</summary>
    public static List<LabelledText> ThreeClasses(int rows, int seed)
    {
        string[] things = ["la mesa", "el libro", "este cable", "la funda", "el reloj", "esta silla", "el juego", "la cámara"];
        (string Name, int Share, string[] Says)[] classes =
        [
            ("negative", 2, ["es horrible", "llegó rota", "no funciona", "muy mala calidad", "una estafa"]),
            ("neutral", 1, ["está bien sin más", "es normal", "cumple justo", "ni bien ni mal"]),
            ("positive", 7, ["es perfecta", "me encanta", "muy buena calidad", "funciona de maravilla", "llegó antes"]),
        ];
        (string Name, int Share, string[] Says)[] urn = [.. classes.SelectMany(c => Enumerable.Repeat(c, c.Share))];
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            var drawn = urn[random.Next(urn.Length)];
            return new LabelledText { Text = $"{things[random.Next(things.Length)]} {drawn.Says[random.Next(drawn.Says.Length)]}", Sentiment = drawn.Name };
        })];
    }
}
