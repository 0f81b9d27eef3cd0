// dotnet run -- "la mesa tiene las patas bonitas"    classifies texts: the arguments, or the lines of standard input
// dotnet run -- train reviews.csv                    trains on your reviews (columns text and stars); later runs use that model
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SentimentML;

const string OwnModel = "sentiment.zip";

if (args is ["train", string reviews])
    Train(reviews);
else
    Classify(args.Length > 0 ? args : Lines());

static void Classify(IEnumerable<string> texts)
{
    // Loading takes a moment, a text milliseconds. A classifier is thread-safe: one is enough for a process.
    using SentimentClassifier classifier = File.Exists(OwnModel) ? SentimentClassifier.Load(OwnModel) : SpanishSmall.LoadClassifier();
    foreach ((string text, SentimentPrediction answer) in classifier.ClassifyRows(texts, text => text))
        Console.WriteLine($"{answer.Label}\t{answer.Score:0.000}\t{text}");
}

static void Train(string file)
{
    var ml = new MLContext(seed: 42);
    ml.Log += (_, e) =>
    {
        if (e.Kind == ChannelMessageKind.Info && e.Source.StartsWith(nameof(SentimentClassificationTrainer), StringComparison.Ordinal))
            Console.Error.WriteLine(e.RawMessage);
    };
    DataOperationsCatalog.TrainTestData data = ml.Data.TrainTestSplit(ml.Data.LoadReviews(file), testFraction: 0.2, seed: 42);
    var pipeline = ml.Transforms.Conversion.MapStarsToSentiment("Label", "Stars")
        .Append(ml.MulticlassClassification.Trainers.SentimentClassification(new SentimentClassificationOptions
        {
            Backbone = SpanishSmall.Backbone,
            ValidationSet = data.TestSet, // the epoch that does best on it is kept
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    ITransformer model = pipeline.Fit(data.TrainSet);
    MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(data.TestSet));
    Console.WriteLine($"accuracy\t{metrics.MicroAccuracy:0.000}");
    ml.Model.Save(model, data.TrainSet.Schema, OwnModel);
}

static IEnumerable<string> Lines()
{
    while (Console.ReadLine() is { } line)
        yield return line;
}
