// The whole main job: a file of reviews in; a fine-tuned model, its evaluation and predictions out.
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML;
using Spectre.Console;
using System.CommandLine;

string data = Path.Combine(AppContext.BaseDirectory, "data");
var backboneName = new Option<string>("--backbone") { DefaultValueFactory = _ => "mini", Description = "mini, roberta-base-bne, a folder or a hub id" };
var trainFile = new Option<string>("--train") { DefaultValueFactory = _ => Path.Combine(data, "train.jsonl"), Description = "reviews to learn from" };
var validationFile = new Option<string>("--validation") { DefaultValueFactory = _ => Path.Combine(data, "validation.jsonl"), Description = "reviews to measure on" };
var deviceName = new Option<string>("--device") { DefaultValueFactory = _ => "auto", Description = "auto, cpu or cuda:N" };
var output = new Option<string>("--output") { DefaultValueFactory = _ => "sentiment.zip", Description = "where the model goes" };
var command = new RootCommand("Fine-tunes a Spanish RoBERTa on reviews.") { backboneName, trainFile, validationFile, deviceName, output };
command.SetAction(arguments => Run(arguments.GetValue(backboneName)!, arguments.GetValue(trainFile)!, arguments.GetValue(validationFile)!, arguments.GetValue(deviceName)!, arguments.GetValue(output)!));
return command.Parse(args).Invoke();

static void Run(string backboneName, string trainFile, string validationFile, string deviceName, string output)
{
    var ml = new MLContext(seed: 42);
    IDataView train = ml.Data.LoadReviews(trainFile);
    IDataView validation = ml.Data.LoadReviews(validationFile);

    ITransformer model = AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
        .Start(screen =>
        {
            ProgressTask bar = screen.AddTask("Preparing");
            var pipeline = ml.Transforms.Conversion.MapStarsToSentiment("Label", "Stars")
                .Append(ml.MulticlassClassification.Trainers.RobertaTextClassification(new RobertaTextClassificationOptions
                {
                    Backbone = backboneName switch
                    {
                        "mini" => SpanishMini.Backbone,
                        "roberta-base-bne" => Backbone.RobertaBaseBne,
                        _ => Directory.Exists(backboneName) ? Backbone.FromFolder(backboneName) : Backbone.FromHub(backboneName),
                    },
                    Device = TorchDevice.Parse(deviceName),
                    ValidationSet = validation,
                    Progress = new TrainingBar(bar),
                }))
                .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
            return pipeline.Fit(train);
        });

    MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(validation));
    AnsiConsole.Write(new Table().AddColumns("metric", "validation")
        .AddRow("accuracy", $"{metrics.MicroAccuracy:0.0000}")
        .AddRow("macro accuracy", $"{metrics.MacroAccuracy:0.0000}")
        .AddRow("log loss", $"{metrics.LogLoss:0.0000}"));

    ml.Model.Save(model, train.Schema, output);
    using var classifier = SentimentClassifier.Load(output);
    foreach (string text in (string[])["la mesa tiene las patas bonitas", "me parecen bonitas las patas de la mesa", "la mesa tiene las patas mal pintadas"])
        AnsiConsole.MarkupLineInterpolated($"{classifier.Classify(text).Label} [grey]{classifier.Classify(text).Score:0.000}[/] {text}");
    AnsiConsole.MarkupLineInterpolated($"The model is in [bold]{output}[/].");
}
