// Trains the ready sentiment model of SentimentML.SpanishSmall from the texts in this repository, and writes what it adds to the
// backbone: dotnet run -c Release --project build/SpanishSentiment
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using SentimentML;

string root = Repository(AppContext.BaseDirectory);
var ml = new MLContext(seed: 42);

Row[] train = [.. Rows(Path.Combine("data", "opinions", "opinions.jsonl")), .. Rows(Path.Combine("samples", "data", "train.jsonl"))];
Row[] validation = [.. Rows(Path.Combine("samples", "data", "validation.jsonl"))];
Console.WriteLine($"{train.Length} texts to learn from, {validation.Length} to measure on");

using SentimentClassificationTransformer model = ml.Transforms.Conversion.MapValueToKey("Label", keyData: ml.Data.LoadFromEnumerable(Sentiments()))
    .Append(ml.MulticlassClassification.Trainers.SentimentClassification(new SentimentClassificationOptions
    {
        Backbone = SpanishSmall.Backbone,
        StartFrom = TrainingStart.Backbone,
        ValidationSet = ml.Data.LoadFromEnumerable(validation),
        EvaluationSteps = int.MaxValue, // before the first step and after the last: so few rows choose no epoch
        CalibratedScores = true,
        // Users and links say nothing of the sentiment; all else is left as it was written.
        Preprocessing = new TweetPreprocessing(
            new TweetPreprocessingOptions { SplitHashtags = false, ReplaceCharacters = false, DescribeEmoji = false, NormalizeLaughter = false }),
        LoraRank = 16,
        LoraTargets = LoraTargets.AllMatrices,
        LearningRate = 4e-4,
        Epochs = 3,
        WarmupSteps = 100,
        HiddenDropout = 0.1,
        WeightAverageDecay = 0.998,
        Precision = TrainingPrecision.BFloat16,
        Progress = new Progress(),
    }))
    .Fit(ml.Data.LoadFromEnumerable(train)).LastTransformer;
string sentiment = Path.Combine(root, "src", "SentimentML.SpanishSmall", "sentiment");
model.SaveAdapter(sentiment, WeightType.Float16);
File.Delete(Path.Combine(sentiment, "README.md")); // the package's own card says more

// What suits a training that goes on from here.
string record = Path.Combine(sentiment, "sentimentml.json");
JsonNode json = JsonNode.Parse(File.ReadAllText(record))!;
json["fine_tuning"] = new JsonObject { ["learning_rate"] = 4e-5, ["epochs"] = 3, ["warmup_ratio"] = 0.06 };
File.WriteAllText(record, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");

static IEnumerable<Name> Sentiments() => Enum.GetNames<Sentiment>().Select(name => new Name { Label = name.ToLowerInvariant() });

IEnumerable<Row> Rows(string file)
{
    IDataView reviews = ml.Data.LoadReviews(Path.Combine(root, file));
    if (reviews.Schema.GetColumnOrNull("Stars") is null)
        return ml.Data.CreateEnumerable<Row>(reviews, reuseRowObject: false);
    return ml.Data.CreateEnumerable<StarredRow>(reviews, reuseRowObject: false)
        .Select(row => new Row { Text = row.Text, Label = row.Stars < 3 ? "negative" : row.Stars > 3 ? "positive" : "neutral" });
}

static string Repository(string folder) => File.Exists(Path.Combine(folder, "SentimentML.sln")) ? folder : Repository(Path.GetDirectoryName(folder)!);

file sealed class Row
{
    public string Text { get; set; } = "";
    public string Label { get; set; } = "";
}

file sealed class Name
{
    public string Label { get; set; } = "";
}

file sealed class StarredRow
{
    public string Text { get; set; } = "";
    public float Stars { get; set; }
}

file sealed class Progress : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) =>
        Console.WriteLine($"{value.Stage} {value.Message} epoch {value.Epoch:0.00} of {value.Epochs}, loss {value.Loss:0.000}, {value.TimeLeft:m\\:ss} left");
}
