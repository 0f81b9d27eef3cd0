using System.Text.Json.Nodes;

namespace SentimentML.Reporting.Tests.Infrastructure;

/// <summary>Rows of a model that does not exist, drawn from a seed: right most of the time, too sure of itself.</summary>
internal static class SyntheticRows
{
    public const string Hostile = "<script>document.title='taken'</script> & <img src=\"https://example.org/x.png\"> \"comillas\" ' \u0001";

    private static readonly string[] Categories = ["hogar", "cocina", "<b>juguetes</b>", "deportes", "mascotas"];
    private static readonly string[] Phrases =
    [
        "La mesa tiene las patas bonitas y llegó antes de lo previsto.", "No funciona, lo he devuelto a la semana.",
        "Por el precio que tiene no se puede pedir más.",
        "El envío tardó tres semanas y la caja venía rota.", "Muy cómodo, lo uso a diario y no se ha desgastado.", "Regular: cumple, pero hace mucho ruido.",
    ];

    public static EvaluationRows Of(int count, string[] labels, double[]? shares = null, int seed = 1)
    {
        var random = new Random(seed);
        shares ??= [.. labels.Select(_ => 1.0 / labels.Length)];
        int[] truth = [.. Enumerable.Range(0, count).Select(_ => Draw(random, shares))];
        string[] texts = [.. truth.Select((_, row) => Text(random, row))];
        texts[0] = Hostile;
        double[][] logits = Array.ConvertAll(truth, label => Logits(random, label, labels.Length));
        logits[0] = [.. labels.Select((_, c) => c == truth[0] ? -6.0 : 6.0 - c)]; // the worst mistake of all
        return new EvaluationRows
        {
            Texts = texts,
            Labels = truth,
            Logits = logits,
            LabelNames = labels,
            Stars = Array.ConvertAll(truth, label => (float)(label == 0 ? random.Next(1, 3) : random.Next(4, 6))),
            Columns = new Dictionary<string, IReadOnlyList<string?>> { ["product_category"] =
                [.. truth.Select(_ => Categories[random.Next(Categories.Length)])] },
        };
    }

    /// <summary>A report with everything that it can show.</summary>
    public static EvaluationReport Report(EvaluationRows rows, ReportLanguage language = ReportLanguage.Spanish)
    {
        var options = new SentimentEvaluationOptions
        {
            TrainingTexts = [.. rows.Texts.Take(rows.Texts.Count / 50), "Un texto que nadie más tiene en ninguna parte."],
        };
        EvaluationReportOptions everything = Everything();
        everything.Language = language;
        return EvaluationReport.Create(SentimentEvaluation.Of(rows, options), everything);
    }

    public static Explanation Explanation(string text, double? gap, params (int Start, int Length, double Weight)[] words) => new()
    {
        Text = text,
        Method = ExplanationMethod.IntegratedGradients,
        Label = "positive",
        Score = 0.9f,
        Words = [.. words.Select(word => new WordAttribution(word.Start, word.Start + word.Length, text.Substring(word.Start, word.Length), word.Weight))],
        CompletenessGap = gap,
    };

    private static EvaluationReportOptions Everything() => new()
    {
        ModelName = "mini-reseñas",
        DataName = "validación.jsonl",
        Baselines =
        [
            new("FeaturizeText + SDCA", new(0.866, 0.8551, 0.8763), new(0.8657, 0.8545, 0.876), 6.3, 5200, 4_300_000),
            new("n-grams + L-BFGS", new(0.8893, 0.8791, 0.899), new(0.8892, 0.879, 0.8989), 12.5, 3100, 9_100_000),
        ],
        LearningCurve = [.. Enumerable.Range(0, 5).Select(epoch => new TrainingEvaluation
        {
            Epoch = epoch,
            Step = epoch * 125,
            Accuracy = 0.9 - 0.4 * Math.Exp(-epoch),
            MacroF1 = 0.89 - 0.5 * Math.Exp(-epoch),
            Loss = 0.3 + 0.4 * Math.Exp(-epoch),
        })],
        Explain = text => text.Length < 30
            ? Explanation(text, null)
            : Explanation(text, text.Length % 2 == 0 ? 0.035 : 0.004, (0, 8, 0.9), (9, 6, -0.4), (16, 5, 0.25)),
        Made = new JsonObject
        {
            ["files"] = new JsonObject { ["data"] = new JsonObject { ["name"] = "validación.jsonl", ["bytes"] = 812345, ["sha256"] = new string('a', 64) } },
            ["options"] = new JsonObject { ["seed"] = 0, ["resamples"] = 1000 },
            ["versions"] = new JsonObject { ["sentimentml"] = "0.1.0", ["dotnet"] = ".NET 10.0.1" },
        },
    };

    private static int Draw(Random random, double[] shares)
    {
        double at = random.NextDouble();
        for (int c = 0; c < shares.Length - 1; c++)
        {
            if ((at -= shares[c]) < 0)
                return c;
        }
        return shares.Length - 1;
    }

    private static string Text(Random random, int row) =>
        string.Join(' ', Enumerable.Range(0, 1 + random.Next(12)).Select(_ => Phrases[random.Next(Phrases.Length)])) + $" Pedido {row}.";

    private static double[] Logits(Random random, int label, int classes)
    {
        double[] logits = [.. Enumerable.Range(0, classes).Select(_ => 2.2 * Normal(random))];
        logits[label] += 4.5;
        return logits;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
