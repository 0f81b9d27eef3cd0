using System.Globalization;
using Microsoft.ML;

namespace SentimentML.Tests.Training;

/// <summary>
/// Whether bfloat16 and batches of like length cost accuracy: the embedded backbone on the real task, several seeds each.
/// tests/precision-accuracy.sh runs it.
/// </summary>
public sealed class AccuracyMeasurement
{
    [Fact(Explicit = true)]
    public void Accuracy_by_precision_and_batches()
    {
        int seeds = Number("SEEDS", 5), rows = Number("ROWS", 2000), validationRows = Number("VALIDATION_ROWS", 5000);
        var ml = new MLContext(1);
        var stars = ml.Transforms.Conversion.MapStarsToSentiment();
        IDataView all = RealReviews.View(ml, "dataset_es_test.json.gz");
        IDataView labelled = ml.Data.Cache(stars.Fit(all).Transform(all));
        IDataView validation = ml.Data.Cache(ml.Data.TakeRows(RealReviews.View(ml, "dataset_es_dev.json.gz"), validationRows));
        (string Name, TrainingPrecision Precision, bool Grouped)[] kinds =
            [("float32, random batches", TrainingPrecision.Float32, false), ("bfloat16, batches of like length", TrainingPrecision.BFloat16, true)];
        var found = kinds.ToDictionary(kind => kind.Name, _ => new List<double>());
        for (int seed = 1; seed <= seeds; seed++)
        {
            IDataView train = ml.Data.TakeRows(ml.Data.ShuffleRows(labelled, seed, 5000), rows);
            foreach ((string name, TrainingPrecision precision, bool grouped) in kinds)
            {
                using RobertaTextClassificationTransformer model = ml.MulticlassClassification.Trainers.RobertaTextClassification(new RobertaTextClassificationOptions
                {
                    Backbone = Mini(),
                    Device = TorchDevice.Cpu,
                    ValidationSet = validation,
                    Precision = precision,
                    GroupByLength = grouped,
                    Seed = seed,
                }).Fit(train);
                found[name].Add(model.Evaluations.Skip(1).Max(e => e.Accuracy));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {name}: {found[name][^1]:0.0000}, {model.History!.Steps.Sum(s => s.Took.TotalSeconds):0} s in steps"));
            }
        }
        foreach ((string name, List<double> values) in found)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: mean {values.Average():0.0000}, deviation {Deviation(values):0.0000}, {seeds} seeds, {rows} rows"));
    }

    private static double Deviation(List<double> values) => Math.Sqrt(values.Sum(v => Math.Pow(v - values.Average(), 2)) / Math.Max(1, values.Count - 1));

    private static int Number(string name, int byDefault) => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{byDefault}", CultureInfo.InvariantCulture);

    private static Backbone Mini()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Directory.Exists(Path.Combine(at.FullName, "src", "SentimentML.SpanishMini", "model")))
                return Backbone.FromFolder(Path.Combine(at.FullName, "src", "SentimentML.SpanishMini", "model"));
        throw new DirectoryNotFoundException("src/SentimentML.SpanishMini/model is not above the test's folder");
    }
}
