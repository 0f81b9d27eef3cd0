using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using Microsoft.ML;
using SentimentML.Files;
using SentimentML.Tool.Data;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;
using SentimentML.Tool.Training;
using SentimentML.Training;

namespace SentimentML.Tool.Commands;

/// <summary>A file of reviews in, a model folder out; with folds, an estimate of how good it is.</summary>
internal sealed class TrainCommand : ToolCommand
{
    private readonly TrainingFiles _files = new();
    private readonly Option<string> _output = Flags.Text("--output", "DIR", "The model folder to write; it appears when the training is over. With --folds it may be left out.");
    private readonly RecipeOptions _recipe = new(withSearched: true);
    private readonly RunOptions _run = new();
    private readonly AnswerOptions _answers = new();
    private readonly Option<WeightType> _weights = Flags.Choice("--save-weights", "The numbers that the weights are saved in; fp16 halves the size", WeightType.Float32,
        ("fp32", WeightType.Float32), ("fp16", WeightType.Float16));
    private readonly Option<string> _adapter = Flags.Text("--save-adapter", "DIR", "Also write what --lora-rank changed, as peft saves an adapter: a few MB that belong to the weights the training started from.");
    private readonly Option<int?> _folds = Flags.Whole("--folds", "Cross-validate first: train this many times, each time on all rows but a part, and measure on that part. With --output all rows are trained on afterwards.");
    private readonly Option<string> _log = Flags.Text("--log", "F", "Write one JSON line a step: step, epoch, loss, learning_rate, grad_norm (before clipping), and with --folds the fold.");
    private readonly Option<string> _learningCurve = Flags.Text("--learning-curve", "F.html", "Write a page with loss, learning rate and the validation file's figures over the steps, when the training is over; it needs nothing else.");
    private readonly Option<bool> _json = Flags.Json();

    public TrainCommand()
        : base("train", "Fine-tune a backbone on reviews.")
    {
        _files.AddTo(this);
        Add(_output);
        Add(_weights);
        Add(_adapter);
        _recipe.AddTo(this);
        _run.AddTo(this);
        _answers.AddTo(this);
        foreach (Option option in (Option[])[_folds, _log, _learningCurve, _json])
            Add(option);
        Validators.Add(CheckTogether);
    }

    /// <summary>The trainer's options as a command line gives them; the validation set, which takes a file to be read, comes later.</summary>
    internal SentimentClassificationOptions TrainerOptions(ParseResult arguments)
    {
        SentimentClassificationOptions options = _files.Options(arguments);
        _recipe.Read(arguments, options);
        _run.Read(arguments, options);
        _answers.Read(arguments, options);
        return options;
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        ModelDestination? folder = arguments.GetValue(_output) is { } output ? new ModelDestination(output) : null;
        SentimentClassificationOptions options = TrainerOptions(arguments);
        options.CancellationToken = cancellation;
        var ml = new MLContext();
        OpenedFiles files = _files.Open(ml, arguments, options);
        LibTorch.Load();

        using var log = new TrainingLog(arguments.GetValue(_log));
        using WholeFile? page = arguments.GetValue(_learningCurve) is { } path ? OutputFile.Create(path) : null;
        TrainingOutcome? outcome = null;
        Screen.During(screen =>
        {
            screen.Show("Reading the reviews");
            LabeledData train = files.CheckedTraining(options, screen);
            options.ValidationSet = files.CheckedValidation(train.Labels, options, screen);
            options.Progress = new TrainingScreen(screen, log);
            MLNetLog.Show(ml, screen, arguments.GetValue(Flags.Verbose));
            IReadOnlyList<CrossValidationFold> folds = arguments.GetValue(_folds) is { } count ? CrossValidate(ml, train, options, count, log, screen) : [];
            IReadOnlyList<TrainingEvaluation> evaluations = folder is null ? [] : Train(ml, train, options, folder, arguments, page, screen);
            outcome = new TrainingOutcome(folder?.Path, evaluations, folds);
        });
        if (arguments.GetValue(_json))
            JsonResult.Print(outcome!.ToJson());
        else
            outcome!.Print();
    }

    private IReadOnlyList<TrainingEvaluation> Train(MLContext ml, LabeledData train, SentimentClassificationOptions options, ModelDestination folder, ParseResult arguments, WholeFile? page, Screen screen)
    {
        using SentimentClassificationTransformer model = ml.MulticlassClassification.Trainers.SentimentClassification(options).Fit(train.Rows);
        page?.Stream.Write(Encoding.UTF8.GetBytes(LearningCurve.Page(model.History!, $"{options.Backbone.Name}, {Path.GetFileName(train.Path)}")));
        page?.Complete();
        screen.Show("Writing the model");
        WeightType weights = arguments.GetValue(_weights);
        folder.Write(model, weights, options.CheckpointFolder);
        if (arguments.GetValue(_adapter) is { } adapter)
            model.SaveAdapter(adapter, weights);
        return model.Evaluations;
    }

    private static List<CrossValidationFold> CrossValidate(MLContext ml, LabeledData train, SentimentClassificationOptions options, int count, TrainingLog log, Screen screen)
    {
        var folds = new List<CrossValidationFold>();
        log.Fold = 1;
        foreach (CrossValidationFold fold in ml.MulticlassClassification.Trainers.SentimentClassification(options).CrossValidate(train.Rows, count))
        {
            screen.Note(string.Create(CultureInfo.InvariantCulture, $"Fold {fold.Fold} of {count}: {fold.TrainRows:N0} rows to learn from, {fold.Metrics.RowCount:N0} to measure on; "
                + $"accuracy {fold.Metrics.Accuracy.Value:0.0000}, macro-F1 {fold.Metrics.MacroF1.Value:0.0000}"));
            folds.Add(fold);
            log.Fold = fold.Fold + 1;
        }
        log.Fold = null;
        return folds;
    }

    private void CheckTogether(CommandResult result)
    {
        bool folds = result.GetResult(_folds) is not null, output = result.GetResult(_output) is not null;
        if (!folds && !output)
            result.AddError("Option '--output' is required: the folder for the model. Only --folds, which measures, can do without.");
        if (folds && result.GetValue(_folds) < 2)
            result.AddError($"--folds is {result.GetValue(_folds)}, expected 2 or more.");
        if (result.GetResult(_adapter) is not null && (!output || !_recipe.HasLora(result)))
            result.AddError("--save-adapter writes LoRA's matrices: it needs --lora-rank and --output.");
        if (folds && !output && result.GetResult(_learningCurve) is not null)
            result.AddError("--learning-curve shows the training of the model that is written: it needs --output.");
        if (_recipe.StopsEarly(result) && !_files.HasValidation(result))
            result.AddError("--early-stopping needs --validation: rows to see by whether the training still helps.");
        if (_answers.AreCalibrated(result) && !_files.HasValidation(result))
            result.AddError("--calibrated needs --validation: rows to find the temperature on.");
        if (folds && _run.KeepsBest(result))
            result.AddError("--on-cancel best and --folds exclude each other: a fold that was cut short would be measured as if it were whole.");
    }
}
