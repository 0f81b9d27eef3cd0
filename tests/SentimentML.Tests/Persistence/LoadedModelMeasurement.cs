using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Encoders;
using SentimentML.Persistence;
using static TorchSharp.torch;

namespace SentimentML.Tests.Persistence;

/// <summary>
/// What a zip of roberta-base's size takes and how fast it answers through both faces. Run by tests/loaded-model.sh, each in a process of
/// its own.
/// </summary>
public class LoadedModelMeasurement(ITestOutputHelper output)
{
    private static string Zip => Environment.GetEnvironmentVariable("SENTIMENTML_MEASURED_ZIP") ?? Path.Combine(Path.GetTempPath(), "sentimentml-measured.zip");

    [Fact(Explicit = true)]
    public void Writes_the_model()
    {
        SequenceClassifier network = FormulaWeights.Base();
        network.Config.Source["model_type"] = "roberta";
        var parts = new ModelParts(network.Config, PretrainedTokenizer.FromFolder(Shared.Golden("tiny_classifier")), new ModelRecord());
        using var model = new SentimentClassificationTransformer(
            new TextClassificationModel(parts, network, CPU), new ScoredColumns("Text", null, "PredictedLabel", "Score"));
        var ml = new MLContext();
        ml.Model.Save(model, TinyTask.View(ml).Schema, Zip);
    }

    [Fact(Explicit = true)]
    public void Memory_through_ML_NET() => Measure(mlNet: true);

    [Fact(Explicit = true)]
    public void Memory_through_the_classifier() => Measure(mlNet: false);

    private void Measure(bool mlNet)
    {
        var ml = new MLContext();
        string text = TinyTask.Reviews(1)[0].Text;
        using (SentimentClassifier warm = SentimentClassifier.Load(Shared.Golden("tiny_classifier"), TorchDevice.Cpu))
            warm.Classify(text); // libtorch, ML.NET and the compiled code are the process's, not the model's
        long before = Resident(), weights = 0;
        using (var zip = System.IO.Compression.ZipFile.OpenRead(Zip))
            weights = zip.Entries.Single(entry => entry.Name == "model.safetensors").Length;
        using IDisposable model = mlNet
            ? ((ITransformer)ml.Model.Load(Zip, out DataViewSchema _)).SentimentClassification()
            : SentimentClassifier.Load(Zip, TorchDevice.Cpu);
        long loaded = Resident();
        if (model is ITransformer transformer)
            _ = transformer.Transform(TinyTask.View(ml, 4)).GetColumn<float[]>("Score").ToArray();
        else
            ((SentimentClassifier)model).Classify(text);
        long scored = Resident();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(mlNet ? "ml.Model.Load" : "SentimentClassifier.Load")}: weights {weights >> 20} MiB; above the process "
            + $"{(loaded - before) / (double)weights:0.00} times them when loaded, {(scored - before) / (double)weights:0.00} when it has scored"));
    }

    [Fact(Explicit = true)]
    public void Speed_of_both_faces()
    {
        var ml = new MLContext();
        TinyTask.Review[] reviews =
            [.. Enumerable.Range(0, 128)
                .Select(i => new TinyTask.Review { Text = string.Join(", ", TinyTask.Reviews(2 + i % 6).Select(review => review.Text)), Stars = 5 })];
        using SentimentClassificationTransformer model = ml.Model.Load(Zip, out DataViewSchema _).SentimentClassification();
        using SentimentClassifier classifier = SentimentClassifier.Load(Zip, TorchDevice.Cpu);
        IDataView view = ml.Data.LoadFromEnumerable(reviews);
        var best = new double[2];
        float[][]? first = null, second = null;
        for (int round = 0; round < 4; round++)
        {
            best[0] = Math.Max(best[0], Rate(() => first = [.. model.Transform(view).GetColumn<float[]>("Score")]));
            best[1] = Math.Max(best[1],
                Rate(() => second = [.. classifier.Classify(reviews.Select(review => review.Text)).Select(p => p.Probabilities.ToArray())]));
        }
        Assert.Equal(second, first);
        output.WriteLine(FormattableString.Invariant(
            $"128 reviews: ML.NET {best[0]:0.0} rows a second, classifier {best[1]:0.0}, ratio {best[0] / best[1]:0.000}"));

        double Rate(Action score)
        {
            long started = Stopwatch.GetTimestamp();
            score();
            return reviews.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }

    private static long Resident()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return Environment.WorkingSet;
    }
}
