// Trains the ready sentiment model of SentimentML.SpanishSmall from the texts in this repository, and writes what it adds to the
// backbone: dotnet run -c Release --project build/SpanishSentiment
// It is the mean of five trainings' weights, which answers better than each of them (model soups, Wortsman et al., 2022,
// arXiv:2203.05482). They begin from the same weights, and differ in rate, length and order, and in what
// they see twice in each pass.
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.ML;
using SentimentML;

const string Weights = "adapter_model.safetensors", Record = "sentimentml.json";
Training[] trainings =
[
    new(LearningRate: 4e-4, Epochs: 3, Order: 1, ReviewsTwice: true), new(LearningRate: 6e-4, Epochs: 3, Order: 2),
    new(LearningRate: 4e-4, Epochs: 3, Order: 3), new(LearningRate: 5e-4, Epochs: 2, Order: 4),
    new(LearningRate: 5e-4, Epochs: 3, Order: 5, ReviewsTwice: true, ShortTwice: true),
];

string root = Repository(AppContext.BaseDirectory);
string package = Path.Combine(root, "src", "SentimentML.SpanishSmall"), sentiment = Path.Combine(package, "sentiment");
var ml = new MLContext(seed: 42);
Row[] opinions = [.. Opinions()], reviews = [.. Reviews("train.jsonl")], validation = [.. Reviews("validation.jsonl")];
Console.WriteLine($"{opinions.Length + reviews.Length} texts to learn from, {validation.Length} to measure on");

DirectoryInfo work = Directory.CreateTempSubdirectory("SpanishSentiment");
string[] trained = [.. trainings.Select((_, i) => Path.Combine(work.FullName, $"{i + 1}"))];
foreach ((Training training, string folder) in trainings.Zip(trained))
    Train(training, folder);

foreach (string file in Directory.GetFiles(trained[0]).Where(file => Path.GetFileName(file) != "README.md")) // the package's own card says more
    File.Copy(file, Path.Combine(sentiment, Path.GetFileName(file)), overwrite: true);
File.WriteAllBytes(Path.Combine(sentiment, Weights), Mean([.. trained.Select(folder => File.ReadAllBytes(Path.Combine(folder, Weights)))]));
string record = Path.Combine(sentiment, Record);
JsonObject json = JsonNode.Parse(File.ReadAllText(record))!.AsObject();
json.Remove("training"); // of one of them
json.Remove("evaluations");
json["temperature"] = Temperature();
json["fine_tuning"] = new JsonObject // of a training that goes on from here
{
    ["learning_rate"] = 4e-5, ["epochs"] = 3, ["warmup_ratio"] = 0.06,
    ["lora"] = new JsonObject { ["rank"] = 16, ["learning_rate"] = 3e-4, ["epochs"] = 4, ["hidden_dropout"] = 0.2 },
};
File.WriteAllText(record, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");
work.Delete(recursive: true);

void Train(Training training, string folder)
{
    Row[] rows = [.. opinions, .. reviews, .. training.ReviewsTwice ? reviews : [], .. training.ShortTwice ? opinions.Where(IsShort) : []];
    using SentimentClassificationTransformer model = ml.Transforms.Conversion.MapValueToKey("Label", keyData: ml.Data.LoadFromEnumerable(Sentiments()))
        .Append(ml.MulticlassClassification.Trainers.SentimentClassification(new SentimentClassificationOptions
        {
            Backbone = SpanishSmall.Backbone,
            StartFrom = TrainingStart.Backbone,
            ValidationSet = ml.Data.LoadFromEnumerable(validation),
            EvaluationSteps = int.MaxValue, // before the first step and after the last: so few rows choose no epoch
            CalibratedScores = true,
            // Whom a text addresses, what it links to and that it shouts say nothing of the sentiment, and a model learns that they do.
            Preprocessing = new TweetPreprocessing(new TweetPreprocessingOptions
            {
                SplitHashtags = false, ReplaceCharacters = false, UserToken = "", UrlToken = "", LowercaseCapitals = true, DescribeEmoji = false,
                NormalizeLaughter = false,
            }),
            LoraRank = 16,
            LoraTargets = LoraTargets.AllMatrices,
            LearningRate = training.LearningRate,
            Epochs = training.Epochs,
            WarmupSteps = 100,
            HiddenDropout = 0.1,
            WeightAverageDecay = 0.998,
            Seed = 42,
            Precision = TrainingPrecision.BFloat16,
            Progress = new Progress(),
        }))
        .Fit(ml.Data.ShuffleRows(ml.Data.LoadFromEnumerable(rows), training.Order, rows.Length)).LastTransformer;
    model.SaveAdapter(folder, WeightType.Float16);
}

// The kinds in which a word or two decide.
static bool IsShort(Row opinion) => opinion.Kind is "bare" or "slang" or "rating";

// Found on the validation rows, for the written weights over the backbone.
double Temperature()
{
    string folder = Path.Combine(work.FullName, "model");
    Directory.CreateDirectory(folder);
    foreach (string file in (string[])[.. Directory.GetFiles(Path.Combine(package, "model")), .. Directory.GetFiles(sentiment)])
        File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
    using SentimentClassifier classifier = SentimentClassifier.Load(folder, new SentimentClassifierOptions { Calibrated = false });
    SentimentPrediction[] predictions = [.. classifier.Classify(validation.Select(row => row.Text))];
    var calibration = Calibration.Fit([.. validation.Select(row => classifier.Labels.ToList().IndexOf(row.Label))], predictions);
    Console.WriteLine($"Temperature {calibration.Temperature:0.000}: validation log loss {calibration.LogLossBefore:0.0000} before, "
        + $"{calibration.LogLossAfter:0.0000} after");
    return calibration.Temperature;
}

// The mean of safetensors files that differ in their numbers alone, which are 16-bit floats.
static byte[] Mean(byte[][] files)
{
    int start = sizeof(long) + (int)BinaryPrimitives.ReadInt64LittleEndian(files[0]);
    byte[] mean = [.. files[0]];
    for (int at = start; at < mean.Length; at += sizeof(short))
        BinaryPrimitives.WriteHalfLittleEndian(mean.AsSpan(at), (Half)files.Average(file => (float)BinaryPrimitives.ReadHalfLittleEndian(file.AsSpan(at))));
    return files.All(file => file.Length == mean.Length && file.AsSpan(0, start).SequenceEqual(mean.AsSpan(0, start)))
        ? mean
        : throw new InvalidDataException("The trainings' adapters have other tensors each.");
}

static IEnumerable<Name> Sentiments() => Enum.GetNames<Sentiment>().Select(name => new Name { Label = name.ToLowerInvariant() });

// With a link where they say "url", so that the preprocessing treats them as it will treat users' texts.
IEnumerable<Row> Opinions() => File.ReadLines(Path.Combine(root, "data", "opinions", "opinions.jsonl"))
    .Select(line => JsonSerializer.Deserialize<Row>(line, JsonSerializerOptions.Web)!)
    .Select(row => new Row { Text = Regex.Replace(row.Text, @"\burl\b", "https://example.com"), Label = row.Label, Kind = row.Kind });

IEnumerable<Row> Reviews(string file) => ml.Data
    .CreateEnumerable<StarredRow>(ml.Data.LoadReviews(Path.Combine(root, "samples", "data", file)), reuseRowObject: false)
    .Select(row => new Row { Text = row.Text, Label = row.Stars < 3 ? "negative" : row.Stars > 3 ? "positive" : "neutral" });

static string Repository(string folder) => File.Exists(Path.Combine(folder, "SentimentML.sln")) ? folder : Repository(Path.GetDirectoryName(folder)!);

/// <param name="LearningRate">The highest rate.</param>
/// <param name="Epochs">Passes over the rows.</param>
/// <param name="Order">What the rows' first order comes from.</param>
/// <param name="ReviewsTwice">Whether the sample's reviews are seen twice in each pass.</param>
/// <param name="ShortTwice">Whether the opinions of the shortest kinds are.</param>
file sealed record Training(double LearningRate, int Epochs, int Order, bool ReviewsTwice = false, bool ShortTwice = false);

file sealed class Row
{
    public string Text { get; set; } = "";
    public string Label { get; set; } = "";
    public string Kind { get; set; } = "";
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
