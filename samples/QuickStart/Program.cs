// The whole main job: a file of reviews in; a fine-tuned model, its evaluation and predictions out.
using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML;
using Spectre.Console;

string data = Path.Combine(AppContext.BaseDirectory, "data");
var backbone = new Option<string>("--backbone") { DefaultValueFactory = _ => "mini", Description = "mini, roberta-base-bne, a folder, or a hub id" };
var train = new Option<string>("--train") { DefaultValueFactory = _ => Path.Combine(data, "train.jsonl"), Description = "reviews to learn from" };
var validation = new Option<string>("--validation") { DefaultValueFactory = _ => Path.Combine(data, "validation.jsonl"), Description = "reviews to measure on" };
var device = new Option<string>("--device") { DefaultValueFactory = _ => "auto", Description = "auto, cpu or cuda:N" };
var output = new Option<string>("--output") { DefaultValueFactory = _ => "sentiment.zip", Description = "where the model goes" };
var command = new RootCommand("Fine-tunes a Spanish encoder on reviews.") { backbone, train, validation, device, output };
command.SetAction(given => Run(
    given.GetValue(backbone)!, given.GetValue(train)!, given.GetValue(validation)!, TorchDevice.Parse(given.GetValue(device)!), given.GetValue(output)!));
return command.Parse(args).Invoke();

static void Run(string backbone, string trainFile, string validationFile, TorchDevice device, string output)
{
    var ml = new MLContext(seed: 42);
    IDataView train = ml.Data.LoadReviews(trainFile);
    IDataView validation = ml.Data.LoadReviews(validationFile);

    ITransformer model = TrainingScreen.Show(ml, progress => ml.Transforms.Conversion.MapStarsToSentiment("Label", "Stars")
        .Append(ml.MulticlassClassification.Trainers.SentimentClassification(new SentimentClassificationOptions
        {
            Backbone = backbone switch
            {
                "mini" => SpanishMini.Backbone,
                "roberta-base-bne" => Backbone.RobertaBaseBne,
                _ when Directory.Exists(backbone) => Backbone.FromFolder(backbone),
                _ => Backbone.FromHub(backbone),
            },
            Device = device,
            ValidationSet = validation,
            Progress = progress,
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
        .Fit(train));

    MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(validation));
    AnsiConsole.Write(new Table().AddColumns("metric", "validation")
        .AddRow("accuracy", $"{metrics.MicroAccuracy:0.000}")
        .AddRow("accuracy, mean over labels", $"{metrics.MacroAccuracy:0.000}")
        .AddRow("log loss", $"{metrics.LogLoss:0.000}"));

    ml.Model.Save(model, train.Schema, output);
    AnsiConsole.MarkupLineInterpolated($"The model is in [bold]{output}[/].");

    using var classifier = SentimentClassifier.Load(output);
    string[] texts =
    [
        "llegó antes de lo previsto y funciona de maravilla, muy contenta con la compra", "se rompió al segundo día y nadie contesta",
        "la mesa tiene las patas bonitas", "me parecen bonitas las patas de la mesa", "la mesa tiene las patas mal pintadas",
    ];
    var predictions = new Table().AddColumns("text", "label", "probability");
    foreach ((string text, SentimentPrediction p) in texts.Zip(classifier.Classify(texts)))
        predictions.AddRow(text, p.Label, $"{p.Score:0.000}");
    AnsiConsole.Write(predictions);
}
