using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using SentimentML.Tool.Data;
using SentimentML.Tool.Evaluation;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;
using Spectre.Console;

namespace SentimentML.Tool.Commands;

/// <summary>How well a model does on reviews whose labels are known.</summary>
internal sealed class EvaluateCommand : ToolCommand
{
    private readonly Option<string> _model = Flags.Model();
    private readonly Option<string> _file = Flags.Text("--data", "F", $"Reviews with stars or labels: {DataOptions.Formats}. Three stars count where the model has a label neutral.", required: true);
    private readonly DataOptions _data = new();
    private readonly Option<TorchDevice> _device = Flags.Device();
    private readonly Option<bool> _json = Flags.Json();

    public EvaluateCommand()
        : base("evaluate", "Measure a model on reviews: accuracy, F1, loss, confusion.")
    {
        Add(_model);
        Add(_file);
        _data.AddTo(this);
        Add(_device);
        Add(_json);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        var file = new ReviewData(new MLContext(), arguments.GetRequiredValue(_file), _data.Read(arguments));
        LibTorch.Load();
        using var classifier = SentimentClassifier.Load(arguments.GetRequiredValue(_model), arguments.GetRequiredValue(_device));
        LabeledData data = file.Labeled(classifier.Labels.Contains("neutral") ? NeutralStars.Class : NeutralStars.Drop);
        ClassificationFigures? figures = null;
        Screen.During(screen =>
        {
            screen.Show("Reading the reviews");
            (int[] places, long rows) = MatchLabels(data, classifier.Labels, cancellation);
            screen.Show("Classifying");
            figures = Measure(classifier, data, places, new RowsShown(screen, Task.FromResult(rows)), cancellation);
        });
        if (arguments.GetValue(_json))
            JsonResult.Print(ToJson(figures!));
        else
            Print(figures!);
    }

    /// <summary>The model's place for each of the data's labels, by name, -1 for one that it does not have; and how many rows have one.</summary>
    private static (int[] Places, long Rows) MatchLabels(LabeledData data, IReadOnlyList<string> labels, CancellationToken cancellation)
    {
        int[] places = [.. data.Labels.Select(name => labels.ToList().IndexOf(name))];
        long rows = data.ReadLabels(cancellation).LongCount(label => places[label] >= 0);
        return rows > 0 ? (places, rows) : throw new SentimentMLException(
            $"{data.Path}: no row has one of the model's labels ({string.Join(", ", labels)}). The file's labels are {string.Join(", ", data.Labels)} (stars are negative, neutral and positive).");
    }

    private static ClassificationFigures Measure(SentimentClassifier classifier, LabeledData data, int[] places, RowsShown shown, CancellationToken cancellation)
    {
        var figures = new ClassificationFigures(classifier.Labels);
        IEnumerable<(string Text, int Label)> rows = data.TextsWithLabels().Where(row => Known(row.Label));
        foreach (((_, int label), SentimentPrediction prediction) in Predictions.Of(classifier, rows, row => row.Text, cancellation))
        {
            figures.Add(places[label], prediction);
            shown.Done();
        }
        return figures;

        bool Known(int label)
        {
            if (places[label] < 0)
                figures.LeaveOut();
            return places[label] >= 0;
        }
    }

    private static JsonObject ToJson(ClassificationFigures figures) => new()
    {
        ["rows"] = figures.Rows,
        ["rows_left_out"] = figures.LeftOut,
        ["accuracy"] = figures.Accuracy,
        ["macro_f1"] = figures.MacroF1,
        ["log_loss"] = figures.LogLoss,
        ["labels"] = new JsonArray([.. figures.Labels.Select(label => (JsonNode)label.Name)]),
        ["per_label"] = new JsonObject(figures.Labels.Select(label => KeyValuePair.Create(label.Name, (JsonNode?)new JsonObject
        {
            ["precision"] = label.Precision,
            ["recall"] = label.Recall,
            ["f1"] = label.F1,
            ["rows"] = label.Rows,
        }))),
        ["confusion"] = new JsonArray([.. figures.Confusion.Select(row => (JsonNode)new JsonArray([.. row.Select(count => (JsonNode)count)]))]),
    };

    private static void Print(ClassificationFigures figures)
    {
        static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

        AnsiConsole.Write(new Table().AddColumns("rows", "accuracy", "macro-F1", "log loss")
            .AddRow(Number($"{figures.Rows}"), Number($"{figures.Accuracy:0.0000}"), Number($"{figures.MacroF1:0.0000}"), Number($"{figures.LogLoss:0.0000}")));
        Table labels = new Table().AddColumns("label", "rows", "precision", "recall", "F1");
        labels.AddColumns([.. figures.Labels.Select(label => $"as {Markup.Escape(label.Name)}")]);
        foreach ((LabelFigures label, long[] row) in figures.Labels.Zip(figures.Confusion))
            labels.AddRow([Markup.Escape(label.Name), Number($"{label.Rows}"), Number($"{label.Precision:0.0000}"), Number($"{label.Recall:0.0000}"), Number($"{label.F1:0.0000}"), .. row.Select(count => Number($"{count}"))]);
        AnsiConsole.Write(labels);
        if (figures.LeftOut > 0)
            Console.WriteLine(Number($"{figures.LeftOut} rows have a label that the model does not know, and were left out."));
    }
}
