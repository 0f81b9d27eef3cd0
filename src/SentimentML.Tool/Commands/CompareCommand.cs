using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using SentimentML.Tool.Data;
using SentimentML.Tool.Evaluation;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;
using Spectre.Console;

namespace SentimentML.Tool.Commands;

/// <summary>Whether the backbone is worth it: simple models and it on the same rows, side by side.</summary>
internal sealed class CompareCommand : ToolCommand
{
    private const int DefaultSeed = 42;

    private readonly Option<string> _train = Flags.Text("--train", "F", $"The reviews to learn from: {DataOptions.Formats}.", required: true);
    private readonly Option<string> _validation = Flags.Text("--validation", "F", "The reviews to measure on; no model chooses anything by them.", required: true);
    private readonly Option<Backbone> _backbone = new("--backbone")
    {
        Description = "The pretrained network: a folder, a hub id, mini (the default; comes with the tool), or roberta-base-bne.",
        HelpName = "B",
        DefaultValueFactory = _ => SpanishMini.Backbone,
        CustomParser = result => Flags.Parsed(result, BackboneName.Parse),
    };
    private readonly DataOptions _data = new();
    private readonly Option<int?> _maxRows = Flags.Whole("--max-rows", "How many labelled rows to learn from, drawn by the seed (default: all).");
    private readonly Option<int?> _seed = Flags.Whole("--seed", "What all random choices come from (default 42).");
    private readonly Option<TorchDevice> _device = Flags.Device();
    private readonly Option<bool> _json = Flags.Json();

    public CompareCommand()
        : base("compare", "Train simple models and the backbone on the same reviews, and show them side by side.")
    {
        Add(_train);
        Add(_validation);
        Add(_backbone);
        _data.AddTo(this);
        foreach (Option option in (Option[])[_maxRows, _seed, _device, _json])
            Add(option);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        int seed = arguments.GetValue(_seed) ?? DefaultSeed;
        int? maxRows = arguments.GetValue(_maxRows);
        if (maxRows < 1)
            throw new ArgumentException($"--max-rows is {maxRows}, expected 1 or more.");
        var ml = new MLContext(seed);
        DataColumns columns = _data.Read(arguments);
        var trainFile = new ReviewData(ml, arguments.GetRequiredValue(_train), columns);
        var validationFile = new ReviewData(ml, arguments.GetRequiredValue(_validation), columns);
        var options = new SentimentClassificationOptions
        {
            Backbone = arguments.GetRequiredValue(_backbone),
            Device = arguments.GetRequiredValue(_device),
            Seed = seed,
            CancellationToken = cancellation,
        };
        LibTorch.Load();

        var models = new List<ComparedModel>();
        Screen.During(screen =>
        {
            screen.Show("Reading the reviews");
            TextRows train = TextRows.Draw(trainFile.Labeled(NeutralStars.Drop), maxRows, seed);
            (TextRows validation, int leftOut) = TextRows.Matching(validationFile.Labeled(NeutralStars.Drop), train.LabelNames);
            screen.Note(string.Create(CultureInfo.InvariantCulture, $"{train.Count:N0} rows to learn from, {validation.Count:N0} to measure on; labels {string.Join(", ", train.LabelNames)}"));
            if (leftOut > 0)
                screen.Note(string.Create(CultureInfo.InvariantCulture, $"{leftOut:N0} rows of {validationFile.Path} have a label that no row to learn from has, and are left out."));
            foreach (ComparedModel model in new Comparison(ml, train, validation, screen) { FineTuning = options }.Run())
            {
                cancellation.ThrowIfCancellationRequested();
                screen.Note(string.Create(CultureInfo.InvariantCulture, $"{model.Name}: accuracy {model.Metrics.Accuracy.Value:0.0000}, macro-F1 {model.Metrics.MacroF1.Value:0.0000}"));
                models.Add(model);
            }
        });
        if (arguments.GetValue(_json))
            JsonResult.Print(BaselineList.Write(models));
        else
            Print(models);
    }

    private static void Print(IReadOnlyList<ComparedModel> models)
    {
        Table table = EvaluationTables.Numeric(new Table().AddColumn("model"), "accuracy", "macro-F1", "train s", "rows/s", "MB");
        foreach (ComparedModel model in models)
        {
            table.AddRow(
                Markup.Escape(model.Name),
                WithInterval(model.Metrics.Accuracy),
                WithInterval(model.Metrics.MacroF1),
                model.TrainSeconds.ToString("0.0", CultureInfo.InvariantCulture),
                model.RowsPerSecond.ToString("N0", CultureInfo.InvariantCulture),
                (model.SizeBytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture));
        }
        AnsiConsole.Write(table);
        Console.WriteLine(ComparisonVerdict.Write(models));
    }

    /// <summary>The interval stands below its figure: beside it, the models' names would have no room on a terminal of 80 columns.</summary>
    private static string WithInterval(MetricInterval figure) => string.Create(CultureInfo.InvariantCulture, $"{figure.Value:0.0000}\n{figure.Low:0.000}-{figure.High:0.000}");
}
