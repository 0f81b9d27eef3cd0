// The whole main job: answers without any training; then a file of reviews in, and a model of your own out, measured and saved.
using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML;
using Spectre.Console;

string data = Path.Combine(AppContext.BaseDirectory, "data");
var backbone = new Option<string>("--backbone") { DefaultValueFactory = _ => "small", Description = "small, mini, roberta-base-bne, a folder, or a hub id" };
var train = new Option<string>("--train") { DefaultValueFactory = _ => Path.Combine(data, "train.jsonl"), Description = "reviews to learn from" };
var validation = new Option<string>(
    "--validation") { DefaultValueFactory = _ => Path.Combine(data, "validation.jsonl"), Description = "reviews to measure on" };
var device = new Option<string>("--device") { DefaultValueFactory = _ => "auto", Description = "auto, cpu or cuda:N" };
var output = new Option<string>("--output") { DefaultValueFactory = _ => "sentiment.zip", Description = "where the model goes" };
var command = new RootCommand(
    "Answers with the ready Spanish sentiment model, then fine-tunes one on your reviews.") { backbone, train, validation, device, output };
command.SetAction(given => Run(
    given.GetValue(backbone)!, given.GetValue(train)!, given.GetValue(validation)!, TorchDevice.Parse(given.GetValue(device)!), given.GetValue(output)!));
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (Mistake(e) is { } message)
{
    Console.Error.WriteLine(message);
    return 1;
}

static void Run(string backbone, string trainFile, string validationFile, TorchDevice device, string output)
{
    // 1. A ready model: no training, no download.
    using (SentimentClassifier ready = SpanishSmall.LoadClassifier(new SentimentClassifierOptions { Device = device }))
        Answer("The ready model", ready);

    // 2. A model of your own, as an ML.NET pipeline.
    var ml = new MLContext(seed: 42);
    IDataView train = ml.Data.LoadReviews(trainFile);
    IDataView validation = ml.Data.LoadReviews(validationFile);
    int rows = train.GetColumn<string>("Text").Count();
    bool hasStars = train.Schema.GetColumnOrNull("Stars") is not null, hasLabels = !hasStars && train.Schema.GetColumnOrNull("Label") is not null;
    IEstimator<ITransformer> labels = hasLabels
        ? ml.Transforms.Conversion.MapValueToKey("Label")
        : ml.Transforms.Conversion.MapStarsToSentiment("Label", "Stars");
    ITransformer model = TrainingScreen.Show(ml, progress => labels
        .Append(ml.MulticlassClassification.Trainers.SentimentClassification(new SentimentClassificationOptions
        {
            Backbone = Named(backbone),
            Device = device,
            ValidationSet = validation,
            Epochs = 2, // so that the whole sample takes two minutes; without it, what suits the backbone
            EvaluationSteps = Math.Max(1, rows / 64), // four times an epoch, of which the best is kept; without it, once
            Progress = progress,
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
        .Fit(train));

    // 3. How good it is on reviews that it did not learn from.
    MulticlassClassificationMetrics after = ml.MulticlassClassification.Evaluate(model.Transform(validation));
    TrainingEvaluation before = model.SentimentClassification().Evaluations[0];
    AnsiConsole.Write(new Table().AddColumns("validation", "before", "after")
        .AddRow("accuracy", $"{before.Accuracy:0.000}", $"{after.MicroAccuracy:0.000}")
        .AddRow("log loss", $"{before.Loss:0.000}", $"{after.LogLoss:0.000}"));
    if (hasStars)
        AnsiConsole.WriteLine($"{train.GetColumn<float>("Stars").Count(stars => stars == 3)} training rows of 3 stars were left out: your model has two "
            + "labels, negative and positive, and no neutral as the ready one has.");
    if (backbone == "small" && Path.GetDirectoryName(trainFile) == Path.Combine(AppContext.BaseDirectory, "data"))
        AnsiConsole.WriteLine("The ready model was made with these reviews among others, so they teach it little more. What new rows are worth: "
            + "docs/measured.md");

    // 4. Saved, loaded, and used without ML.NET.
    ml.Model.Save(model, train.Schema, output);
    using SentimentClassifier own = SentimentClassifier.Load(output, device);
    Answer("Your model", own);
    AnsiConsole.MarkupLineInterpolated($"It is in [bold]{Path.GetFullPath(output)}[/]. Go on with (installed, the tool is called [bold]sentimentml[/]):");
    Console.WriteLine($"dotnet run --project src/SentimentML.Tool -- predict --model {output} --input yours.csv --output answers.jsonl");
}

// What a person can mend; ML.NET wraps what its readers throw.
static string? Mistake(Exception e) => e is SentimentMLException or IOException or FormatException ? e.Message
    : e.InnerException is { } inner ? Mistake(inner) : null;

static Backbone Named(string name) => name switch
{
    "small" => SpanishSmall.Backbone,
    "mini" => SpanishMini.Backbone,
    "roberta-base-bne" => Backbone.RobertaBaseBne,
    _ => Directory.Exists(name) ? Backbone.FromFolder(name) : Backbone.FromHub(name),
};

static void Answer(string title, SentimentClassifier classifier)
{
    string[] texts =
    [
        "la mesa tiene las patas bonitas", "me parecen bonitas las patas de la mesa", "la mesa tiene las patas mal pintadas",
        "No está nada mal para lo que cuesta", "No puedo estar más contento con la compra", "Llegó tarde, pero funciona de maravilla",
        "Muy bonita, pero se rompió al segundo día y nadie contesta", "¿Trae pilas incluidas?",
    ];
    var table = new Table().Title(title).AddColumns("text", "label", "probability");
    foreach ((string text, SentimentPrediction answer) in texts.Zip(classifier.Classify(texts)))
        table.AddRow(Markup.Escape(text), answer.Label, $"{answer.Score:0.000}");
    AnsiConsole.Write(table);
}
