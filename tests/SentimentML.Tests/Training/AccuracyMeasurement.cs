using System.Globalization;
using System.Text.Json;
using Microsoft.ML;

namespace SentimentML.Tests.Training;

/// <summary>
/// Whether bfloat16 and batches of like length cost accuracy: the embedded backbone on the real task, several seeds each.
/// tests/precision-accuracy.sh runs it. Each run is a line in a file, and one that stands there is not made again.
/// </summary>
public sealed class AccuracyMeasurement
{
    private static readonly (string Name, TrainingPrecision Precision, bool Grouped)[] Kinds =
    [
        ("float32, random batches", TrainingPrecision.Float32, false),
        ("bfloat16, random batches", TrainingPrecision.BFloat16, false),
        ("bfloat16, batches of like length", TrainingPrecision.BFloat16, true),
    ];

    private readonly MLContext _ml = new(1);
    private readonly int _seeds = Number("SEEDS", 5), _rows = Number("ROWS", 2000), _validationRows = Number("VALIDATION_ROWS", 5000);
    private readonly string _results = Environment.GetEnvironmentVariable("RESULTS") ?? Path.Combine(AppContext.BaseDirectory, "precision-accuracy.jsonl");

    [Fact(Explicit = true)]
    public void Accuracy_by_precision_and_batches()
    {
        string trainFile = FileNamed("TRAIN", "dataset_es_test.json.gz"), validationFile = FileNamed("VALIDATION", "dataset_es_dev.json.gz");
        IDataView all = _ml.Data.LoadReviews(trainFile);
        IDataView labelled = _ml.Data.Cache(_ml.Transforms.Conversion.MapStarsToSentiment().Fit(all).Transform(all));
        IDataView validation = _ml.Data.Cache(_ml.Data.TakeRows(_ml.Data.ShuffleRows(_ml.Data.LoadReviews(validationFile), 1, 5000), _validationRows));
        List<Result> found = [.. Known()];
        for (int seed = 1; seed <= _seeds; seed++)
        {
            foreach ((string name, TrainingPrecision precision, bool grouped) in Kinds)
            {
                var wanted = new Result(name, seed, _rows, _validationRows, Path.GetFileName(trainFile), Path.GetFileName(validationFile), 0, 0);
                if (found.Any(wanted.IsSameRun))
                    continue;
                Result made = Measured(wanted, labelled, validation, precision, grouped);
                File.AppendAllText(_results, JsonSerializer.Serialize(made) + "\n");
                found.Add(made);
                Print($"seed {seed}: {name}: accuracy {made.Accuracy:0.0000}, {made.SecondsInSteps:0} s in steps");
            }
        }
        foreach ((string name, TrainingPrecision _, bool _) in Kinds)
        {
            double[] values = [.. Enumerable.Range(1, _seeds)
                .Select(seed => found.First(
                    new Result(name, seed, _rows, _validationRows, Path.GetFileName(trainFile), Path.GetFileName(validationFile), 0, 0).IsSameRun).Accuracy)];
            Print($"{name}: mean {values.Average():0.0000}, deviation {Deviation(values):0.0000}, {_seeds} seeds, {_rows} rows");
        }
    }

    private Result Measured(Result run, IDataView labelled, IDataView validation, TrainingPrecision precision, bool grouped)
    {
        IDataView train = _ml.Data.TakeRows(_ml.Data.ShuffleRows(labelled, run.Seed, 5000), run.Rows);
        using SentimentClassificationTransformer model = _ml.MulticlassClassification.Trainers.SentimentClassification(new SentimentClassificationOptions
        {
            Backbone = Mini(),
            Device = TorchDevice.Cpu,
            ValidationSet = validation,
            Precision = precision,
            GroupByLength = grouped,
            Seed = run.Seed,
        }).Fit(train);
        return run with { Accuracy = model.Evaluations.Skip(1).Max(e => e.Accuracy), SecondsInSteps = model.History!.Steps.Sum(s => s.Took.TotalSeconds) };
    }

    /// <summary>The runs of an earlier start; a line that was cut off when that one ended counts for nothing.</summary>
    private IEnumerable<Result> Known()
    {
        foreach (string line in File.Exists(_results) ? File.ReadAllLines(_results) : [])
        {
            Result? known = null;
            try
            {
                known = JsonSerializer.Deserialize<Result>(line);
            }
            catch (JsonException)
            {
                Print($"passed over: {line}");
            }
            if (known is not null)
                yield return known;
        }
    }

    private static string FileNamed(string variable, string inCorpus) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path
        ? path
        : Shared.Path("data", "amazon_reviews_multi_es", inCorpus);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static double Deviation(double[] values) => Math.Sqrt(values.Sum(v => Math.Pow(v - values.Average(), 2)) / Math.Max(1, values.Length - 1));

    private static int Number(string name, int byDefault) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : byDefault;

    private static Backbone Mini()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Directory.Exists(Path.Combine(at.FullName, "src", "SentimentML.SpanishMini", "model")))
                return Backbone.FromFolder(Path.Combine(at.FullName, "src", "SentimentML.SpanishMini", "model"));
        throw new DirectoryNotFoundException("src/SentimentML.SpanishMini/model is not above the test's folder");
    }

    private sealed record Result(string Kind, int Seed, int Rows, int ValidationRows, string Train, string Validation, double Accuracy, double SecondsInSteps)
    {
        public bool IsSameRun(Result other) => this == other with { Accuracy = Accuracy, SecondsInSteps = SecondsInSteps };
    }
}
