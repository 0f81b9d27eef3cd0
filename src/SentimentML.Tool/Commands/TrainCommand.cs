using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Microsoft.ML;
using SentimentML.Files;
using SentimentML.Persistence;
using SentimentML.Pipeline.Results;
using SentimentML.Tool.Data;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;
using SentimentML.Tool.Training;
using SentimentML.Training;

namespace SentimentML.Tool.Commands;

/// <summary>A file of reviews in, a model folder out; with folds, an estimate of how good it is.</summary>
internal sealed class TrainCommand : ToolCommand, ITrialsCommand
{
    private readonly TrainingFiles _files = new();
    private readonly Option<string> _output = Flags.Text("--output", "DIR", Language.Say(
        "La carpeta del modelo que se escribe; aparece cuando acaba el entrenamiento. Con --folds puede omitirse.",
        "The model folder to write; it appears when the training is over. With --folds it may be left out."));
    private readonly RecipeOptions _recipe = new(withSearched: true);
    private readonly RunOptions _run = new();
    private readonly AnswerOptions _answers = new();
    private readonly Option<WeightType> _weights = Flags.Choice("--save-weights", Language.Say(
        "Con qué números se guardan los pesos; fp16 ocupa la mitad", "The numbers that the weights are saved in; fp16 halves the size"), WeightType.Float32,
        ("fp32", WeightType.Float32), ("fp16", WeightType.Float16));
    private readonly Option<string> _adapter = Flags.Text("--save-adapter", "DIR", Language.Say(
        "Escribe también lo que cambió --lora-rank, en los archivos de un adaptador de peft: unos pocos MB que van con los pesos de partida.",
        "Also write what --lora-rank changed, as peft saves an adapter: a few MB that belong to the weights the training started from."));
    private readonly Option<int?> _folds = Flags.Whole("--folds", Language.Say(
        "Hace antes una validación cruzada: entrena este número de veces, cada vez con todas las filas menos una parte, y mide con esa parte. Con --output, "
            + "después se entrena con todas las filas.",
        "Cross-validate first: train this many times, each time on all rows but a part, and measure on that part. With --output all rows are trained on "
            + "afterwards."));
    private readonly Option<string> _results = Flags.Results();
    private readonly Option<string> _plan = Flags.Plan();
    private readonly Option<string> _log = Flags.Text("--log", "F", Language.Say(
        "Escribe una línea JSON por paso: step, epoch, loss, learning_rate, grad_norm (antes de recortar) y, con --folds, fold (la parte).",
        "Write one JSON line a step: step, epoch, loss, learning_rate, grad_norm (before clipping), and with --folds the fold."));
    private readonly Option<string> _learningCurve = Flags.Text("--learning-curve", "F.html", Language.Say(
        "Escribe, al acabar el entrenamiento, una página que no necesita nada más, con la pérdida, la tasa de aprendizaje y las cifras del archivo de "
            + "validación a lo largo de los pasos.",
        "Write a page with loss, learning rate and the validation file's figures over the steps, when the training is over; it needs nothing else."));
    private readonly Option<bool> _json = Flags.Json();

    public TrainCommand()
        : base("train", Language.Say("Ajusta una red preentrenada con reseñas.", "Fine-tune a backbone on reviews."))
    {
        _files.AddTo(this);
        Add(_output);
        Add(_weights);
        Add(_adapter);
        _recipe.AddTo(this);
        _run.AddTo(this);
        _answers.AddTo(this);
        foreach (Option option in (Option[])[_folds, _results, _plan, _log, _learningCurve, _json])
            Add(option);
        this.Check(CheckTogether);
        _files.CheckKept(this, _log, Language.Say("el registro", "the log"));
        _files.CheckKept(this, _learningCurve, Language.Say("la página", "the page"));
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

    public IReadOnlyList<int> TrialsByRound(ParseResult arguments) => arguments.GetValue(_folds) is { } folds ? [folds] : [];

    public void RunTrial(ParseResult arguments, string results, int round, int index, CancellationToken cancellation)
    {
        using var log = new TrainingLog(null);
        During(arguments, log, work => work.Trainer.CrossValidateFold(work.Train.Rows, index + 1, arguments.GetValue(_folds)!.Value, results), cancellation);
    }

    public ResultsGap? FindGap(ParseResult arguments, string results, CancellationToken cancellation)
    {
        using var log = new TrainingLog(null);
        ResultsGap? gap = null;
        During(arguments, log, work => gap = work.Trainer.FindGap(work.Train.Rows, arguments.GetValue(_folds)!.Value, results), cancellation);
        return gap;
    }

    public void Collect(ParseResult arguments, string results, bool json, CancellationToken cancellation)
    {
        using var log = new TrainingLog(null);
        During(arguments, log, work => Print(
            new TrainingOutcome(null, [], CrossValidate(work, arguments, log, results), work.Options.BestModelBy), json), cancellation);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        if (arguments.GetValue(_plan) is { } plan)
        {
            TrialsPlan.Make(this, plan, arguments, _plan, _json, cancellation);
            return;
        }
        ModelDestination? folder = arguments.GetValue(_output) is { } output ? new ModelDestination(output) : null;
        if (arguments.GetValue(_adapter) is { } adapter)
            ModelFolder.RequireNoWeights(adapter);
        using var log = new TrainingLog(arguments.GetValue(_log));
        using WholeFile? page = arguments.GetValue(_learningCurve) is { } path ? OutputFile.Create(path) : null;
        TrainingOutcome? outcome = null;
        During(arguments, log, work =>
        {
            IReadOnlyList<CrossValidationFold> folds = arguments.GetResult(_folds) is null
                ? []
                : CrossValidate(work, arguments, log, arguments.GetValue(_results));
            IReadOnlyList<TrainingEvaluation> evaluations = folder is null ? [] : Train(work, folder, arguments, page);
            outcome = new TrainingOutcome(folder?.Path, evaluations, folds, work.Options.BestModelBy);
        }, cancellation);
        Print(outcome!, arguments.GetValue(_json));
    }

    /// <summary>Reads the files and does something with the trainer.</summary>
    private void During(ParseResult arguments, TrainingLog log, Action<Prepared> work, CancellationToken cancellation)
    {
        SentimentClassificationOptions options = TrainerOptions(arguments);
        options.CancellationToken = cancellation;
        var ml = new MLContext();
        OpenedFiles files = _files.Open(ml, arguments, options);
        LibTorch.Load(options.Device);
        Screen.During(screen =>
        {
            screen.Show(Language.Say("Leyendo las reseñas", "Reading the reviews"));
            LabeledData train = files.CheckedTraining(options, screen);
            options.ValidationSet = files.CheckedValidation(train.Labels, options, screen);
            options.Progress = new TrainingScreen(screen, log);
            MLNetLog.Show(ml, screen);
            work(new Prepared(ml.MulticlassClassification.Trainers.SentimentClassification(options), options, train, screen));
        });
    }

    private static void Print(TrainingOutcome outcome, bool json)
    {
        if (json)
            JsonResult.Print(outcome.ToJson());
        else
            outcome.Print();
    }

    private IReadOnlyList<TrainingEvaluation> Train(Prepared work, ModelDestination folder, ParseResult arguments, WholeFile? page)
    {
        using SentimentClassificationTransformer model = work.Trainer.Fit(work.Train.Rows);
        page?.Stream.Write(Encoding.UTF8.GetBytes(
            LearningCurve.Page(model.History!, $"{work.Options.Backbone.Name}, {Path.GetFileName(work.Train.Path)}", Language.Text)));
        page?.Complete();
        work.Screen.Show(Language.Say("Escribiendo el modelo", "Writing the model"));
        WeightType weights = arguments.GetValue(_weights);
        folder.Write(model, weights, work.Options.CheckpointFolder);
        if (arguments.GetValue(_adapter) is { } adapter)
            model.SaveAdapter(adapter, weights);
        return model.Evaluations;
    }

    private List<CrossValidationFold> CrossValidate(Prepared work, ParseResult arguments, TrainingLog log, string? results)
    {
        int count = arguments.GetValue(_folds)!.Value;
        var folds = new List<CrossValidationFold>();
        log.Fold = 1;
        foreach (CrossValidationFold fold in work.Trainer.CrossValidate(work.Train.Rows, count, results))
        {
            SentimentMetrics metrics = fold.Metrics;
            string rows = Language.Format(
                $"Parte {fold.Fold} de {count}: {fold.TrainRows:N0} filas para aprender, {metrics.RowCount:N0} para medir",
                $"Fold {fold.Fold} of {count}: {fold.TrainRows:N0} rows to learn from, {metrics.RowCount:N0} to measure on");
            string figures = Language.Format(
                $"exactitud {metrics.Accuracy.Value:0.0000}, macro-F1 {metrics.MacroF1.Value:0.0000}",
                $"accuracy {metrics.Accuracy.Value:0.0000}, macro-F1 {metrics.MacroF1.Value:0.0000}");
            work.Screen.Note($"{rows}; {figures}");
            folds.Add(fold);
            log.Fold = fold.Fold + 1;
        }
        log.Fold = null;
        return folds;
    }

    private void CheckTogether(CommandResult result)
    {
        bool folds = result.GetResult(_folds) is not null, output = result.GetResult(_output) is not null, plan = result.GetResult(_plan) is not null;
        if ((plan || result.GetResult(_results) is not null) && !folds)
        {
            string option = plan ? _plan.Name : _results.Name;
            result.AddError(Language.Say(
                $"{option} tiene los resultados de una validación cruzada: necesita --folds.",
                $"{option} has the results of a cross-validation: it needs --folds."));
        }
        TrialsPlan.Check(result, _plan, _output, _results, _log, _learningCurve);
        if (!folds && !output)
            result.AddError(Language.Say(
                "Se requiere la opción '--output': la carpeta para el modelo. Solo con --folds, que mide, puede faltar.",
                "Option '--output' is required: the folder for the model. Only --folds, which measures, can do without."));
        if (folds && result.GetValue(_folds) < 2)
            result.AddError(Language.Say(
                $"--folds es {result.GetValue(_folds)}; se esperaba 2 o más.", $"--folds is {result.GetValue(_folds)}, expected 2 or more."));
        if (result.GetResult(_adapter) is not null && (!output || !_recipe.HasLora(result)))
            result.AddError(Language.Say(
                "--save-adapter escribe las matrices de LoRA: necesita --lora-rank y --output.",
                "--save-adapter writes LoRA's matrices: it needs --lora-rank and --output."));
        else if (result.GetValue(_adapter) is { } adapter && Path.GetFullPath(adapter) == Path.GetFullPath(result.GetValue(_output)!))
            result.AddError(Language.Say(
                "--save-adapter y --output nombran la misma carpeta; se esperaban dos: el adaptador va con el modelo de partida, no con el entrenado.",
                "--save-adapter and --output name one folder, expected two: the adapter belongs to the model below, and not to the trained one."));
        if (folds && !output && result.GetResult(_learningCurve) is not null)
            result.AddError(Language.Say(
                "--learning-curve muestra el entrenamiento del modelo que se escribe: necesita --output.",
                "--learning-curve shows the training of the model that is written: it needs --output."));
        if (_recipe.StopsEarly(result) && !_files.HasValidation(result))
            result.AddError(Language.Say(
                "--early-stopping necesita --validation: filas con las que ver si el entrenamiento aún mejora el modelo.",
                "--early-stopping needs --validation: rows to see by whether the training still helps."));
        if (_answers.AreCalibrated(result) && !_files.HasValidation(result))
            result.AddError(Language.Say(
                "--calibrated necesita --validation: filas con las que ajustar la temperatura.",
                "--calibrated needs --validation: rows to find the temperature on."));
        if (folds && _run.KeepsBest(result))
            result.AddError(Language.Say(
                "--on-cancel best y --folds se excluyen: una parte interrumpida se mediría como si estuviera entera.",
                "--on-cancel best and --folds exclude each other: a fold that was cut short would be measured as if it were whole."));
    }

    /// <summary>A training whose files are read.</summary>
    private sealed record Prepared(SentimentClassificationTrainer Trainer, SentimentClassificationOptions Options, LabeledData Train, Screen Screen);
}
