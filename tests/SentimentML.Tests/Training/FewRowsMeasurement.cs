using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Training;

/// <summary>
/// What each labelled row gains on the real task: SpanishSmall from its ready model and from the plain backbone, SpanishMini and n-grams.
/// tests/few-rows.sh runs it. Each run is a line in a file, and one that stands there is not made again.
/// </summary>
public sealed class FewRowsMeasurement
{
    private readonly MLContext _ml = new(1);
    private readonly string _recipe = Text("RECIPE", "");
    private readonly string _results = Text("RESULTS", Path.Combine(AppContext.BaseDirectory, "few-rows.jsonl"));

    [Fact(Explicit = true)]
    public void Accuracy_by_rows()
    {
        List<Result> found = [.. File.Exists(_results) ? File.ReadLines(_results).Select(line => JsonSerializer.Deserialize<Result>(line)!) : []];
        foreach ((string train, string test) in Text("FILES", "test:dev").Split(' ').Select(pair => pair.Split(':')).Select(pair => (pair[0], pair[1])))
        {
            IDataView rows = Labelled(train), validation = Labelled(test);
            foreach (int count in Text("ROWS", "0 16 64 256 1000 2000").Split(' ').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
                foreach (string kind in Text("KINDS", "ready plain mini n-grams").Split(' '))
                    for (int draw = 1; draw <= (count == 0 ? 1 : int.Parse(Text("DRAWS", "3"), CultureInfo.InvariantCulture)); draw++)
                    {
                        var run = new Result(kind, count, draw, train, test, _recipe, 0, 0);
                        if ((count == 0 && kind != "ready") || found.Any(run.IsSameRun))
                            continue;
                        var clock = System.Diagnostics.Stopwatch.StartNew();
                        double accuracy = count == 0
                            ? ReadyAccuracy(validation)
                            : Accuracy(kind, _ml.Data.TakeRows(_ml.Data.ShuffleRows(rows, draw, 5000), count), draw, validation);
                        run = run with { Accuracy = Math.Round(accuracy, 5), Seconds = Math.Round(clock.Elapsed.TotalSeconds) };
                        File.AppendAllText(_results, JsonSerializer.Serialize(run) + "\n");
                        found.Add(run);
                    }
        }
        foreach (IGrouping<(string, int, string, string), Result> group in found.GroupBy(r => (r.Kind, r.Rows, r.Test, r.Recipe)).OrderBy(g => g.Key.Test)
            .ThenBy(g => g.Key.Kind, StringComparer.Ordinal).ThenBy(g => g.Key.Rows))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{group.Key}: mean {group.Average(r => r.Accuracy):0.0000} of {string.Join(", ", group.Select(r => $"{r.Accuracy:0.0000}"))}; "
                + $"{group.Average(r => r.Seconds):0} s"));
    }

    /// <summary>The ready model as it comes, negative against positive.</summary>
    private static double ReadyAccuracy(IDataView validation)
    {
        using SentimentClassifier ready =
            SpanishSmall.LoadClassifier(new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = InferencePrecision.BFloat16 });
        string[] texts = [.. validation.GetColumn<string>("Text")],
            labels = [.. validation.GetColumn<float>("Stars").Select(stars => stars < 3 ? "negative" : "positive")];
        int right = ready.Classify(texts).Zip(labels)
            .Count(pair => pair.Second == (pair.First.Probabilities[0] > pair.First.Probabilities[2] ? "negative" : "positive"));
        return (double)right / texts.Length;
    }

    /// <summary>Trains on the rows, keeps the last epoch, and measures once.</summary>
    private double Accuracy(string kind, IDataView train, int draw, IDataView validation)
    {
        IEstimator<ITransformer> trainer = kind == "n-grams"
            ? ClassicBaselines.Ngrams(_ml).Build()
            : _ml.MulticlassClassification.Trainers.SentimentClassification(Options(kind, draw));
        ITransformer model = trainer.Fit(train);
        using var _ = model as IDisposable;
        return _ml.MulticlassClassification.Evaluate(model.Transform(validation)).MicroAccuracy;
    }

    /// <summary>What the backbone recommends, unless RECIPE says otherwise: "LearningRate=3e-4 Epochs=3", in the names of the properties.</summary>
    private SentimentClassificationOptions Options(string kind, int draw)
    {
        var options = new SentimentClassificationOptions
        {
            Backbone = kind == "mini" ? Backbone.FromFolder(Path.Combine(Repository.Folder, "src", "SentimentML.SpanishMini", "model")) : SpanishSmall.Backbone,
            StartFrom = kind == "plain" ? TrainingStart.Backbone : TrainingStart.Auto,
            Device = TorchDevice.Cpu,
            InferencePrecision = InferencePrecision.BFloat16,
            Seed = draw,
        };
        foreach (string[] part in _recipe.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=')))
        {
            PropertyInfo property = typeof(SentimentClassificationOptions).GetProperty(part[0])
                ?? throw new ArgumentException($"RECIPE sets {part[0]}, expected a property of {nameof(SentimentClassificationOptions)}.");
            property.SetValue(options, TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(part[1]));
        }
        return options;
    }

    /// <summary>The rows of a file without those of 3 stars.</summary>
    private IDataView Labelled(string file)
    {
        IDataView all = RealReviews.View(_ml, $"dataset_es_{file}.json.gz");
        return _ml.Data.Cache(_ml.Transforms.Conversion.MapStarsToSentiment().Fit(all).Transform(all));
    }

    private static string Text(string variable, string byDefault) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? text : byDefault;

    private sealed record Result(string Kind, int Rows, int Draw, string Train, string Test, string Recipe, double Accuracy, double Seconds)
    {
        public bool IsSameRun(Result other) => this == other with { Accuracy = Accuracy, Seconds = Seconds };
    }
}
