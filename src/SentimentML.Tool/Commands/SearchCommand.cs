using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using SentimentML.Pipeline.Results;
using SentimentML.Tool.Data;
using SentimentML.Tool.Evaluation;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;
using SentimentML.Tool.Training;
using Spectre.Console;

namespace SentimentML.Tool.Commands;

/// <summary>Which learning rate, epochs and batch size suit a task.</summary>
internal sealed class SearchCommand : ToolCommand, ITrialsCommand
{
    private readonly TrainingFiles _files = new(needsValidation: true);
    private readonly Option<int?> _trials = Flags.Whole("--trials", Language.Say(
        "Combinaciones en la primera ronda; el mejor tercio pasa a la siguiente, con el triple de filas (por defecto, 9: rondas de 9, 3 y 1).",
        "Combinations in the first round; the better third goes on to the next, on three times the rows (default 9: rounds of 9, 3 and 1)."));
    private readonly Option<double?> _lowest = Flags.Number("--min-learning-rate", Language.Say(
        "La menor tasa de aprendizaje que se prueba (por defecto, la cuarta parte de la adecuada para la red; 5e-6 para roberta-base-bne).",
        "The lowest learning rate to try (default: a quarter of what suits the backbone; 5e-6 for roberta-base-bne)."));
    private readonly Option<double?> _highest = Flags.Number("--max-learning-rate", Language.Say(
        "La mayor tasa de aprendizaje que se prueba (por defecto, el cuádruple de la adecuada para la red; 8e-5 para roberta-base-bne).",
        "The highest learning rate to try (default: four times what suits the backbone; 8e-5 for roberta-base-bne)."));
    private readonly Option<int[]?> _epochs = Flags.WholeList("--epochs", Language.Say(
        "Los números de épocas entre los que elegir (por defecto, 1,2,3,4).", "The numbers of epochs to choose from (default 1,2,3,4)."));
    private readonly Option<int[]?> _batchSizes = Flags.WholeList("--batch-sizes", Language.Say(
        "Los tamaños de lote entre los que elegir (por defecto, 8,16,32).", "The batch sizes to choose from (default 8,16,32)."));
    private readonly Option<string> _results = Flags.Results();
    private readonly Option<string> _plan = Flags.Plan();
    private readonly Option<string> _output = Flags.Text("--output", "DIR", Language.Say(
        "Después entrena con la mejor combinación y escribe el modelo aquí (por defecto, solo se muestra el comando que lo hace).",
        "Train with the best combination afterwards, and write the model here (default: only print the command that does it)."));
    private readonly RecipeOptions _recipe = new(withSearched: false);
    private readonly Option<bool> _json = Flags.Json();

    public SearchCommand()
        : base("search", Language.Say(
            "Busca la tasa de aprendizaje, las épocas y el tamaño de lote adecuados para una tarea.",
            "Look for the learning rate, epochs and batch size that suit a task."))
    {
        _files.AddTo(this);
        foreach (Option option in (Option[])[_trials, _lowest, _highest, _epochs, _batchSizes, _results, _plan, _output])
            Add(option);
        _recipe.AddTo(this);
        Add(_json);
        this.Check(result => TrialsPlan.Check(result, _plan, _output, _results));
    }

    public IReadOnlyList<int> TrialsByRound(ParseResult arguments) =>
        HyperparameterSearch.RoundsOf(arguments.GetValue(_trials) ?? HyperparameterSearch.DefaultTrials);

    public void RunTrial(ParseResult arguments, string results, int round, int index, CancellationToken cancellation) =>
        During(arguments, results, work => work.Search.RunTrial(work.Train.Rows, round, index), cancellation);

    public ResultsGap? FindGap(ParseResult arguments, string results, CancellationToken cancellation)
    {
        ResultsGap? gap = null;
        During(arguments, results, work => gap = work.Search.FindGap(work.Train.Rows), cancellation);
        return gap;
    }

    public void Collect(ParseResult arguments, string results, bool json, CancellationToken cancellation)
    {
        SearchResult? result = null;
        During(arguments, results, work => result = work.Search.Run(work.Train.Rows), cancellation);
        Print(arguments, result!, model: null, json);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        if (arguments.GetValue(_plan) is { } plan)
        {
            TrialsPlan.Make(this, plan, arguments, _plan, _json, cancellation);
            return;
        }
        ModelDestination? folder = arguments.GetValue(_output) is { } output ? new ModelDestination(output) : null;
        SearchResult? result = null;
        During(arguments, arguments.GetValue(_results), work =>
        {
            result = work.Search.Run(work.Train.Rows);
            if (folder is null)
                return;
            SentimentClassificationOptions options = work.Options;
            result.Best.ApplyTo(options);
            options.Progress = new TrainingScreen(work.Screen, new TrainingLog(null));
            using SentimentClassificationTransformer model = work.ML.MulticlassClassification.Trainers.SentimentClassification(options).Fit(work.Train.Rows);
            work.Screen.Show(Language.Say("Escribiendo el modelo", "Writing the model"));
            folder.Write(model, WeightType.Float32, checkpoints: null);
        }, cancellation);
        Print(arguments, result!, folder?.Path, arguments.GetValue(_json));
    }

    /// <summary>Reads the files and does something with the search.</summary>
    private void During(ParseResult arguments, string? results, Action<Prepared> work, CancellationToken cancellation)
    {
        SentimentClassificationOptions options = _files.Options(arguments);
        _recipe.Read(arguments, options);
        options.CancellationToken = cancellation;
        var ml = new MLContext();
        OpenedFiles files = _files.Open(ml, arguments, options);
        LibTorch.Load(options.Device);
        Screen.During(screen =>
        {
            screen.Show(Language.Say("Leyendo las reseñas", "Reading the reviews"));
            LabeledData train = files.CheckedTraining(options, screen);
            options.ValidationSet = files.CheckedValidation(train.Labels, options, screen);
            var progress = new SearchScreen(screen);
            options.Progress = progress;
            HyperparameterSearch search = Search(ml, arguments, options, results);
            search.Progress = progress;
            if (MLNetLog.IsVerbose)
                MLNetLog.Show(ml, screen);
            work(new Prepared(ml, options, train, search, screen));
        });
    }

    private HyperparameterSearch Search(MLContext ml, ParseResult arguments, SentimentClassificationOptions options, string? results)
    {
        var search = new HyperparameterSearch(ml, options)
        {
            MinLearningRate = arguments.GetValue(_lowest),
            MaxLearningRate = arguments.GetValue(_highest),
            Seed = options.Seed!.Value,
            ResultsFolder = results,
        };
        search.Trials = arguments.GetValue(_trials) ?? search.Trials;
        search.Epochs = arguments.GetValue(_epochs) is { Length: > 0 } epochs ? epochs : search.Epochs;
        search.BatchSizes = arguments.GetValue(_batchSizes) is { Length: > 0 } batchSizes ? batchSizes : search.BatchSizes;
        return search;
    }

    private void Print(ParseResult arguments, SearchResult result, string? model, bool json)
    {
        string trainLine = TrainLine(arguments, result.Best);
        if (json)
            JsonResult.Print(new JsonObject { ["trials"] = new JsonArray([.. result.Trials.Select(Json)]), ["best"] = Json(result.Best), ["train"] = trainLine,
                ["model"] = model });
        else
            Print(result.Trials, trainLine, model);
    }

    /// <summary>The command that trains with the combination that was found, as a shell takes it.</summary>
    private string TrainLine(ParseResult arguments, SearchTrial best) => string.Join(' ',
        ((string[])[SentimentMLCommand.ToolName, "train", .. _files.Given(arguments), .. _recipe.Given(arguments),
            "--learning-rate", Text(best.LearningRate), "--epochs", Text(best.Epochs), "--batch-size", Text(best.BatchSize),
            .. best.LoraRank is { } rank ? (string[])["--lora-rank", Text(rank), "--lora-targets", "all"] : [],
            .. best.HiddenDropout is { } dropout ? (string[])["--dropout", Text(dropout)] : [],
            "--output", arguments.GetValue(_output) ?? "model"])
        .Select(ShellWord.Of));

    private static void Print(IReadOnlyList<SearchTrial> trials, string trainLine, string? model)
    {
        Table table = EvaluationTables.Numeric(new Table(), [
            .. (string[])(Language.Text.Language == ReportLanguage.Spanish
                ? ["ronda", "filas", EvaluationTables.InLines("tasa de apr."), "épocas", "lote", "exactitud", "macro-F1", "pérdida"]
                : ["round", "rows", EvaluationTables.InLines("learning rate"), "epochs", "batch", "accuracy", "macro-F1", "loss"]),
        ]);
        foreach (SearchTrial trial in trials)
            table.AddRow(Text(trial.Round), Language.Text.Count(trial.Rows), Language.Text.Number(trial.LearningRate, "0.00e0"), Text(trial.Epochs),
                Text(trial.BatchSize),
                EvaluationTables.Number(trial.Accuracy), EvaluationTables.Number(trial.MacroF1),
                double.IsFinite(trial.Loss) ? EvaluationTables.Number(trial.Loss) : Language.Say("divergió", "diverged"));
        AnsiConsole.Write(table);
        Console.WriteLine($"{Language.Say("La mejor con todas las filas", "The best on all rows")}: {trainLine}");
        if (model is not null)
            Console.WriteLine($"{Language.Say("El modelo está en", "The model is in")} {model}");
    }

    private static JsonObject Json(SearchTrial trial) => new()
    {
        ["round"] = trial.Round,
        ["rows"] = trial.Rows,
        ["learning_rate"] = trial.LearningRate,
        ["epochs"] = trial.Epochs,
        ["batch_size"] = trial.BatchSize,
        ["lora_rank"] = trial.LoraRank,
        ["hidden_dropout"] = trial.HiddenDropout,
        ["accuracy"] = trial.Accuracy,
        ["macro_f1"] = trial.MacroF1,
        ["loss"] = double.IsFinite(trial.Loss) ? trial.Loss : null,
        ["seconds"] = trial.Seconds,
    };

    /// <summary>A search whose files are read.</summary>
    private sealed record Prepared(MLContext ML, SentimentClassificationOptions Options, LabeledData Train, HyperparameterSearch Search, Screen Screen);

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
