using Microsoft.ML;

namespace SentimentML.Onnx.Tests;

/// <summary>What quantization costs on real reviews, with a model that was really trained. Takes minutes, so it runs when asked for.</summary>
public class LabelAgreementTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void Every_precision_keeps_the_labels_of_a_trained_model()
    {
        using var folder = new TemporaryFolder();
        Train(folder.At("model"));
        ReviewRow[] rows = [.. Rows("dataset_es_dev.json.gz").Where(row => row.Stars != 3)];

        SentimentPrediction[] exact = Answers(InTorch(folder.At("model"), InferencePrecision.Float32), rows);
        output.WriteLine($"libtorch float32: accuracy {Accuracy(exact, rows):0.0000}");
        foreach ((InferencePrecision precision, double least) in new[] { (InferencePrecision.BFloat16, 0.99), (InferencePrecision.Int8, 0.99) })
            Compare($"libtorch {precision}", Answers(InTorch(folder.At("model"), precision), rows), exact, rows, least);
        foreach ((OnnxPrecision precision, double least) in new[] { (OnnxPrecision.Float32, 1.0), (OnnxPrecision.Int8, 0.99) })
        {
            OnnxExport.Write(folder.At("model"), folder.At("onnx"), precision);
            Compare($"ONNX Runtime {precision}", Answers(OnnxSentimentClassifier.Load(folder.At("onnx"), precision), rows), exact, rows, least);
        }
    }

    private static SentimentClassifier InTorch(string model, InferencePrecision precision) =>
        SentimentClassifier.Load(model, new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = precision });

    private static SentimentPrediction[] Answers(SentimentClassifier classifier, ReviewRow[] rows)
    {
        using (classifier)
            return [.. classifier.Classify(rows.Select(row => row.Text), TestContext.Current.CancellationToken)];
    }

    private void Compare(string name, SentimentPrediction[] answers, SentimentPrediction[] exact, ReviewRow[] rows, double least)
    {
        double same = answers.Zip(exact).Average(pair => pair.First.Label == pair.Second.Label ? 1.0 : 0.0);
        double furthest = answers.Zip(exact).Max(pair => pair.First.Logits.Zip(pair.Second.Logits, (a, b) => Math.Abs(a - b)).Max());
        output.WriteLine($"{name}: same label {same:0.0000}, accuracy {Accuracy(answers, rows):0.0000}, largest difference of a logit {furthest:0.0e+0}");
        Assert.True(same >= least, $"{name} keeps {same:0.0000} of the labels, expected at least {least}");
    }

    private static double Accuracy(SentimentPrediction[] answers, ReviewRow[] rows) =>
        answers.Zip(rows).Average(pair => pair.First.LabelIndex == (pair.Second.Stars > 3 ? 1 : 0) ? 1.0 : 0.0);

    /// <summary>The embedded backbone, fine-tuned as it recommends on 2,000 of the test split's reviews.</summary>
    private static void Train(string folder)
    {
        var ml = new MLContext(seed: 42);
        IDataView reviews = ml.Data.LoadReviews(Reviews("dataset_es_test.json.gz"), new ReviewFileOptions { Format = ReviewFileFormat.JsonLines });
        IDataView drawn = ml.Data.TakeRows(ml.Data.ShuffleRows(reviews, seed: 42, shufflePoolSize: 5000, shuffleSource: false), 2500);
        var pipeline = ml.Transforms.Conversion.MapStarsToSentiment("Label", "Stars")
            .Append(ml.MulticlassClassification.Trainers.SentimentClassification(
                new SentimentClassificationOptions { Backbone = SpanishMini.Backbone, Device = TorchDevice.Cpu }));
        using var model = pipeline.Fit(drawn);
        model.LastTransformer.SaveFolder(folder);
    }

    private static IEnumerable<ReviewRow> Rows(string file)
    {
        var ml = new MLContext();
        return ml.Data.CreateEnumerable<ReviewRow>(
            ml.Data.LoadReviews(Reviews(file), new ReviewFileOptions { Format = ReviewFileFormat.JsonLines }), reuseRowObject: false);
    }

    private static string Reviews(string file) => Shared.Path("data", "amazon_reviews_multi_es", file);

    private sealed class ReviewRow
    {
        public string Text { get; set; } = "";

        public float Stars { get; set; }
    }
}
