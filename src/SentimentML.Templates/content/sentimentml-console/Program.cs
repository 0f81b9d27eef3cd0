// dotnet run -- "la mesa tiene las patas bonitas"    classifies texts: the arguments, or the lines of standard input
// dotnet run -- train reviews.csv                    trains on your reviews (columns text and stars, or text and label); later runs use that model
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SentimentML;

const string OwnModel = "sentiment.zip";

try
{
    if (args is ["train", string reviews])
        Train(reviews);
    else if (args is ["train", ..])
        throw new SentimentMLException("Name one file of reviews: dotnet run -- train reviews.csv");
    else
        Classify(args.Length > 0 ? args : Lines());
    return 0;
}
catch (Exception e) when (Mistake(e) is { } message)
{
    Console.Error.WriteLine(message);
    return 1;
}

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
    IDataView reviews = ml.Data.LoadReviews(file);
    DataOperationsCatalog.TrainTestData data = ml.Data.TrainTestSplit(reviews, testFraction: 0.2, seed: 42);
    bool hasLabels = reviews.Schema.GetColumnOrNull("Stars") is null && reviews.Schema.GetColumnOrNull("Label") is not null;
    IEstimator<ITransformer> labels = hasLabels
        ? ml.Transforms.Conversion.MapValueToKey("Label")
        : ml.Transforms.Conversion.MapStarsToSentiment("Label", "Stars"); // 3 stars are left out: the model has two labels
    var pipeline = labels
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

// What a person can mend; ML.NET wraps what its readers throw.
static string? Mistake(Exception e) => e is SentimentMLException or IOException ? e.Message : e.InnerException is { } inner ? Mistake(inner) : null;

static IEnumerable<string> Lines()
{
    while (Console.ReadLine() is { } line)
        yield return line;
}
