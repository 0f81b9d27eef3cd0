// Trains the ready sentiment model of SentimentML.SpanishSmall from the texts in this repository, and writes what it adds to the
// backbone: dotnet run -c Release --project build/SpanishSentiment
// First the mean of nine trainings' weights, which answers better than each of them (model soups, Wortsman et al., 2022,
// arXiv:2203.05482): they begin from the same weights, and differ in rate, length and order, and in what they see beside each text once.
// Then part of the way to the mean of two more that go on from there with the texts as people write them (Dressing.cs), and with those of
// the kinds "expression" and "question", which the nine do not see. About three and a half hours on two cores.
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.ML;
using SentimentML;

const string Weights = "adapter_model.safetensors", Record = "sentimentml.json";
const double ContinuedShare = 0.6; // a larger one loses accuracy on reviews, a smaller one on questions
Training[] beginnings =
[
    new(LearningRate: 4e-4, Epochs: 3, Order: 1, ReviewsTwice: true), new(LearningRate: 6e-4, Epochs: 3, Order: 2),
    new(LearningRate: 4e-4, Epochs: 3, Order: 3), new(LearningRate: 5e-4, Epochs: 2, Order: 4),
    new(LearningRate: 5e-4, Epochs: 3, Order: 5, ReviewsTwice: true, ShortTwice: true),
    new(LearningRate: 4e-4, Epochs: 3, Order: 1, ReviewsTwice: true, Joined: true), new(LearningRate: 6e-4, Epochs: 3, Order: 2, Joined: true),
    new(LearningRate: 4e-4, Epochs: 3, Order: 3, Joined: true), new(LearningRate: 5e-4, Epochs: 2, Order: 4, Joined: true),
];
Training[] continuations =
[
    new(LearningRate: 4e-4, Epochs: 3, Order: 23, ReviewsTwice: true, Joined: true, GoesOn: true),
    new(LearningRate: 3e-4, Epochs: 3, Order: 24, ReviewsTwice: true, Joined: true, GoesOn: true),
];

string root = Repository(AppContext.BaseDirectory);
string package = Path.Combine(root, "src", "SentimentML.SpanishSmall"), sentiment = Path.Combine(package, "sentiment");
var ml = new MLContext(seed: 42);
Row[] opinions = [.. Opinions()], reviews = [.. Reviews("train.jsonl")], validation = [.. Reviews("validation.jsonl")];
Console.WriteLine($"{opinions.Length + reviews.Length} texts to learn from, {validation.Length} to measure on");

DirectoryInfo work = Directory.CreateTempSubdirectory("SpanishSentiment");
byte[] begun = Adapters.Mean([.. beginnings.Select(training => Train(training, SpanishSmall.Backbone, TrainingStart.Backbone))]);
var onwards = Backbone.FromFolder(Whole("begun", begun));
byte[][] continued = [.. continuations.Select(training => Train(training, onwards, TrainingStart.SentimentModel))];
byte[] weights = Adapters.Between(begun, Adapters.Between(continued[0], continued[1], share: 0.5), share: ContinuedShare);

string record = Path.Combine(sentiment, Record);
JsonObject json = JsonNode.Parse(File.ReadAllText(record))!.AsObject();
json.Remove("training"); // of one of them
json.Remove("evaluations");
json["preprocessing"]!["remove_exclamations"] = true; // seen in training, and not needed: nearly all of the texts' stand beside praise
json["fine_tuning"] = new JsonObject // of a training that goes on from here
{
    ["learning_rate"] = 4e-5, ["epochs"] = 3, ["warmup_ratio"] = 0.06,
    ["lora"] = new JsonObject { ["rank"] = 16, ["learning_rate"] = 3e-4, ["epochs"] = 4, ["min_steps"] = 96, ["hidden_dropout"] = 0.2 },
};
WriteRecord();
json["temperature"] = Temperature(Whole("done", weights));
WriteRecord();
work.Delete(recursive: true);

void WriteRecord() => File.WriteAllText(record, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");

// The adapter of the backbone that a training ends with; the package gets its other files.
byte[] Train(Training training, Backbone backbone, TrainingStart start)
{
    var random = new Random(training.Order * 7919);
    Row[] late = [.. opinions.Where(opinion => opinion.Kind is "expression" or "question")], others = [.. opinions.Except(late)];
    Row[] own = training.GoesOn ? opinions : others;
    Row[] rows =
    [
        .. own, .. reviews, .. training.ReviewsTwice ? reviews : [], .. training.ShortTwice ? others.Where(IsShort) : [],
        .. training.GoesOn ? late : [], // a second time
        .. training.Joined ? Joined(own, random, (int)(own.Length * (training.GoesOn ? 0.15 : 0.3))) : [],
    ];
    if (training.GoesOn)
        rows = [.. rows.Select(row => new Row { Text = Dressing.Of(row.Text, random), Label = row.Label })];
    using SentimentClassificationTransformer model = ml.Transforms.Conversion.MapValueToKey("Label", keyData: ml.Data.LoadFromEnumerable(Sentiments()))
        .Append(ml.MulticlassClassification.Trainers.SentimentClassification(new SentimentClassificationOptions
        {
            Backbone = backbone,
            StartFrom = start,
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
            GroupByLength = false, // on a GPU too
            Precision = TrainingPrecision.BFloat16,
            Progress = new Progress(),
        }))
        .Fit(ml.Data.ShuffleRows(ml.Data.LoadFromEnumerable(rows), training.Order, rows.Length)).LastTransformer;
    string folder = Path.Combine(work.FullName, $"{training.Order} {training.Joined}");
    model.SaveAdapter(folder, WeightType.Float16);
    if (start == TrainingStart.Backbone)
        foreach (string file in Directory.GetFiles(folder).Where(file => Path.GetFileName(file) != "README.md")) // the package's own card says more
            File.Copy(file, Path.Combine(sentiment, Path.GetFileName(file)), overwrite: true);
    return File.ReadAllBytes(Path.Combine(folder, Weights));
}

// The kinds in which a word or two decide.
static bool IsShort(Row opinion) => opinion.Kind is "bare" or "slang" or "rating" or "expression";

// Reviews are longer than most of the texts and speak of several things: up to four texts of one sentiment after one another, and
// two with a neutral one before, between or after them; as many of each.
IEnumerable<Row> Joined(Row[] own, Random random, int count)
{
    Dictionary<string, Row[]> labelled = own.Concat(reviews).Where(row => !IsShort(row)).GroupBy(row => row.Label)
        .ToDictionary(rows => rows.Key, rows => rows.ToArray());
    string[] sentiments = ["negative", "positive"];
    Row Join(string label, IEnumerable<string> parts) => new() { Label = label, Text = string.Join(" ", parts) };
    string Any(string label) => Ended(labelled[label][random.Next(labelled[label].Length)].Text);
    for (int i = 0; i < count; i++)
    {
        string label = random.Next(10) == 0 ? "neutral" : sentiments[random.Next(2)];
        int texts = random.Next(2, 5);
        yield return Join(label, Enumerable.Range(0, texts).Select(_ => Any(label)));
    }
    for (int i = 0; i < count; i++)
    {
        string label = sentiments[random.Next(2)];
        string[] parts = [Any(label), Any("neutral"), Any(label)];
        random.Shuffle(parts);
        yield return Join(label, parts);
    }
}

static string Ended(string text) => char.IsLetterOrDigit(text.TrimEnd().LastOrDefault()) ? text.TrimEnd() + "." : text.TrimEnd();

// A folder with the backbone and the package's files over it, with these weights.
string Whole(string name, byte[] adapter)
{
    File.WriteAllBytes(Path.Combine(sentiment, Weights), adapter);
    string folder = Directory.CreateDirectory(Path.Combine(work.FullName, name)).FullName;
    foreach (string file in (string[])[.. Directory.GetFiles(Path.Combine(package, "model")), .. Directory.GetFiles(sentiment)])
        File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
    return folder;
}

// Found on the validation rows.
double Temperature(string model)
{
    using SentimentClassifier classifier = SentimentClassifier.Load(model, new SentimentClassifierOptions { Calibrated = false });
    SentimentPrediction[] predictions = [.. classifier.Classify(validation.Select(row => row.Text))];
    var calibration = Calibration.Fit([.. validation.Select(row => classifier.Labels.ToList().IndexOf(row.Label))], predictions);
    Console.WriteLine($"Temperature {calibration.Temperature:0.000}: validation log loss {calibration.LogLossBefore:0.0000} before, "
        + $"{calibration.LogLossAfter:0.0000} after");
    return calibration.Temperature;
}

static IEnumerable<Name> Sentiments() => Enum.GetNames<Sentiment>().Select(name => new Name { Label = name.ToLowerInvariant() });

// With a link where they say "url", so that the preprocessing treats them as it will treat users' texts.
IEnumerable<Row> Opinions() => Decompressed(Path.Combine(root, "data", "opinions", "opinions.jsonl.gz"))
    .Select(line => JsonSerializer.Deserialize<Row>(line, JsonSerializerOptions.Web)!)
    .Select(row => new Row { Text = Regex.Replace(row.Text, @"\burl\b", "https://example.com"), Label = row.Label, Kind = row.Kind });

IEnumerable<Row> Reviews(string file) => ml.Data
    .CreateEnumerable<StarredRow>(ml.Data.LoadReviews(Path.Combine(root, "samples", "data", file)), reuseRowObject: false)
    .Select(row => new Row { Text = row.Text, Label = row.Stars < 3 ? "negative" : row.Stars > 3 ? "positive" : "neutral" });

static IEnumerable<string> Decompressed(string path)
{
    using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
    while (reader.ReadLine() is { } line)
        yield return line;
}

static string Repository(string folder) => File.Exists(Path.Combine(folder, "SentimentML.sln")) ? folder : Repository(Path.GetDirectoryName(folder)!);

/// <param name="LearningRate">The highest rate.</param>
/// <param name="Epochs">Passes over the rows.</param>
/// <param name="Order">What the rows' first order comes from, and what is drawn of joined and dressed texts.</param>
/// <param name="ReviewsTwice">Whether the sample's reviews are seen twice in each pass.</param>
/// <param name="ShortTwice">Whether the opinions of the shortest kinds are.</param>
/// <param name="Joined">Whether texts that are made of several are seen too.</param>
/// <param name="GoesOn">Whether it goes on from others: most texts are dressed, and "expression" and "question" are seen too, twice a pass.</param>
file sealed record Training(
    double LearningRate, int Epochs, int Order, bool ReviewsTwice = false, bool ShortTwice = false, bool Joined = false, bool GoesOn = false);

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
