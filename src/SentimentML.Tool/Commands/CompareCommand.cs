using System.CommandLine;
using Microsoft.ML;
using SentimentML.Labels;
using SentimentML.Tool.Data;
using SentimentML.Tool.Evaluation;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;
using SentimentML.Tool.Training;
using Spectre.Console;

namespace SentimentML.Tool.Commands;

/// <summary>Whether the backbone is worth it: simple models and it on the same rows, side by side; or which of several ready models is the best.</summary>
internal sealed class CompareCommand : ToolCommand
{
    private const int DefaultSeed = 42;

    private readonly Option<string[]> _models = new("--model")
    {
        Description = Language.Say(
            "Un modelo listo, que se mide: una carpeta, un zip, un id de Hugging Face o small. Se da una vez por cada modelo, en lugar de --train.",
            "A ready model to measure: a folder, a zip, a hub id, or small. Give it once for each model, instead of --train."),
        HelpName = "M",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string> _train = Flags.Text("--train", "F", Language.Say(
        $"Las reseñas de las que aprender: {DataOptions.Formats}.", $"The reviews to learn from: {DataOptions.Formats}."));
    private readonly Option<string> _validation = Flags.Text("--validation", "F", Language.Say(
        "Las reseñas con las que se mide; ningún modelo elige nada con ellas.", "The reviews to measure on; no model chooses anything by them."),
        required: true);
    private readonly Option<Backbone> _backbone = new("--backbone")
    {
        Description = Language.Say(
            "La red preentrenada: una carpeta, un id de Hugging Face, small (por defecto) o mini (vienen con la herramienta), o roberta-base-bne.",
            "The pretrained network: a folder, a hub id, small (the default) or mini (they come with the tool), or roberta-base-bne."),
        HelpName = "B",
        DefaultValueFactory = _ => SpanishSmall.Backbone,
        CustomParser = result => Flags.Parsed(result, BackboneName.Parse),
    };
    private readonly DataOptions _data = new();
    private readonly Option<int?> _maxRows = Flags.Whole("--max-rows", Language.Say(
        "De cuántas filas con etiqueta aprender, sorteadas con la semilla (por defecto, de todas).",
        "How many labelled rows to learn from, drawn by the seed (default: all)."));
    private readonly Option<int?> _seed = Flags.Whole("--seed", Language.Say(
        $"La semilla de todo lo que se decide al azar (por defecto, {DefaultSeed}).", $"What all random choices come from (default {DefaultSeed})."));
    private readonly ModelOptions _engine = new();
    private readonly Option<bool> _withoutNeutral = Flags.WithoutNeutral();
    private readonly Option<bool> _json = Flags.Json();

    public CompareCommand()
        : base("compare", Language.Say(
            "Entrena modelos sencillos y la red preentrenada con las mismas reseñas, o toma modelos listos, y los muestra uno al lado de otro.",
            "Train simple models and the backbone on the same reviews, or take ready models, and show them side by side."))
    {
        Add(_models);
        Add(_train);
        Add(_validation);
        Add(_backbone);
        _data.AddTo(this);
        Add(_maxRows);
        Add(_seed);
        _engine.AddTo(this);
        Add(_withoutNeutral);
        Add(_json);
        this.Check(result =>
        {
            bool hasModels = result.GetResult(_models) is not null;
            if (hasModels == result.GetResult(_train) is not null)
                result.AddError(Language.Say(
                    "Se esperaba --train o --model, y solo uno de los dos: las reseñas de las que aprender o los modelos listos que comparar.",
                    "One of --train and --model was expected: the reviews to learn from, or the ready models to compare."));
            if (hasModels && ((Option[])[_backbone, _maxRows, _seed]).FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } training)
                result.AddError(Language.Say(
                    $"{training.Name} dice cómo entrenar, y --model nombra modelos que ya están entrenados.",
                    $"{training.Name} says how to train, and --model names models that are trained."));
            if (!hasModels && result.GetValue(_withoutNeutral))
                result.AddError(Language.Say(
                    "--without-neutral es para modelos listos: con --train, las filas de 3 estrellas se descartan siempre.",
                    "--without-neutral is for ready models: --train leaves 3 stars out anyway."));
            if (!hasModels && _engine.HasLabels(result))
                result.AddError(Language.Say(
                    "--labels dice qué significan las etiquetas de los modelos listos: necesita --model.",
                    "--labels says what the labels of ready models stand for: it needs --model."));
        });
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        IReadOnlyList<ComparedModel> models = arguments.GetValue(_models) is { Length: > 0 } ready
            ? Ready(arguments, ready, cancellation)
            : Trained(arguments, cancellation);
        if (arguments.GetValue(_json))
            JsonResult.Print(BaselineList.Write(models));
        else
            Print(models);
    }

    private List<ComparedModel> Ready(ParseResult arguments, string[] names, CancellationToken cancellation)
    {
        var file = new ReviewData(new MLContext(), arguments.GetRequiredValue(_validation), _data.Read(arguments));
        LibTorch.Load(_engine.Device(arguments));
        bool areShort = names.Select(ModelOptions.ShortName).Distinct(StringComparer.Ordinal).Count() == names.Length;
        (string Name, SavedModel Saved)[] opened =
            [.. names.Select(name => (areShort ? ModelOptions.ShortName(name) : name, ModelOptions.Open(name, cancellation)))];
        SentimentMap? labels = _engine.LabelsOf(arguments, file, [.. opened.Select(model => model.Saved)], cancellation);
        var models = new List<ComparedModel>();
        Screen.During(screen =>
        {
            var shown = new RowsShown(screen, Task.Run(() => file.CountRows(cancellation), cancellation));
            SentimentClassifier Load(SavedModel saved)
            {
                SentimentClassifier classifier = _engine.Load(arguments, saved);
                shown.Restart();
                return classifier;
            }

            ReadyModel[] ready = [.. opened.Select(model => new ReadyModel(model.Name, model.Saved, () => Load(model.Saved)))];
            var options = new LabeledRowsOptions { Names = CommandLineNames.Instance, Sentiments = labels, WithoutNeutral = arguments.GetValue(_withoutNeutral),
                Progress = shown, CancellationToken = cancellation };
            var steps = new ScreenSteps(screen, Language.Say("Midiendo ", "Measuring "));
            models.AddRange(file.Named(() => ReadyModel.Compare(ready, file.RowsToEvaluate, options, steps)));
            foreach (ComparedModel model in models)
                Note(model, screen);
            if (models[0].Rows.RowsLeftOut > 0)
                screen.Note(Language.Format(
                    $"{models[0].Rows.RowsLeftOut:N0} filas tienen una etiqueta que no todos los modelos pueden responder, y no cuentan.",
                    $"{models[0].Rows.RowsLeftOut:N0} rows have a label that not all of the models can answer, and are left out."));
        });
        return models;
    }

    private List<ComparedModel> Trained(ParseResult arguments, CancellationToken cancellation)
    {
        int seed = arguments.GetValue(_seed) ?? DefaultSeed;
        int? maxRows = arguments.GetValue(_maxRows);
        if (maxRows < 1)
            throw new ArgumentException($"--max-rows is {maxRows}, expected 1 or more.");
        var ml = new MLContext(seed);
        DataColumns columns = _data.Read(arguments);
        var trainFile = new ReviewData(ml, arguments.GetRequiredValue(_train), columns);
        var validationFile = new ReviewData(ml, arguments.GetRequiredValue(_validation), columns);
        validationFile.WarnIfLearnedFrom(trainFile);
        var options = new SentimentClassificationOptions
        {
            Backbone = arguments.GetRequiredValue(_backbone),
            Device = _engine.Device(arguments),
            Seed = seed,
            Names = CommandLineNames.Instance,
            TellsLabels = true,
            CancellationToken = cancellation,
        };
        LibTorch.Load(_engine.Device(arguments));

        var models = new List<ComparedModel>();
        Screen.During(screen =>
        {
            screen.Show(Language.Say("Leyendo las reseñas", "Reading the reviews"));
            LabeledData train = trainFile.Labeled(NeutralStars.Drop), validation = validationFile.Labeled(NeutralStars.Drop);
            foreach (ReviewData file in (ReviewData[])[trainFile, validationFile])
            {
                if (file.LeftOut(NeutralStars.Drop, cancellation) is { } leftOut)
                    screen.Note(leftOut);
            }
            if (maxRows is { } count)
                train = train.Sample(count, seed);
            int[] learned = Describe(train, validation, screen, cancellation);
            foreach (string odd in trainFile.OddLabels(train, learned, options.StartsFromSentimentModel))
                screen.Note(odd);
            options.Progress = new TrainingScreen(screen, new TrainingLog(null));
            var comparison = new ModelComparison(ml, new ModelComparisonOptions
            {
                FineTuning = options,
                LoadClassifier = folder => _engine.Load(arguments, SavedModel.Open(folder, cancellationToken: cancellation)),
                BackboneName = BackboneName.Short(options.Backbone),
                Progress = new ScreenSteps(screen),
            });
            foreach (ComparedModel model in comparison.Run(train.Rows, validation.Rows))
            {
                Note(model, screen);
                models.Add(model);
            }
        });
        return models;
    }

    private static void Note(ComparedModel model, Screen screen) =>
        screen.Note(Language.Format(
            $"{model.Name}: exactitud {model.Metrics.Accuracy.Value:0.0000}, macro-F1 {model.Metrics.MacroF1.Value:0.0000}",
            $"{model.Name}: accuracy {model.Metrics.Accuracy.Value:0.0000}, macro-F1 {model.Metrics.MacroF1.Value:0.0000}"));

    /// <summary>Says what the rows are.</summary>
    /// <returns>The label of each row to learn from, as its place among the names.</returns>
    private static int[] Describe(LabeledData train, LabeledData validation, Screen screen, CancellationToken cancellation)
    {
        int[] learned = train.ReadLabels(cancellation), measured = validation.ReadLabels(cancellation);
        LabelCheck.RequireFewerThanRows(train.Labels, learned, train.Path, CommandLineNames.Instance);
        if (LabelCheck.CaseVariants(train.Labels, learned, CommandLineNames.Instance) is { } variants)
            screen.NoteOnce(variants);
        screen.Note(train.Describe(learned));
        screen.Note(validation.Describe(measured));
        HashSet<string> known = [.. learned.Distinct().Select(label => train.Labels[label])];
        int leftOut = measured.Count(label => !known.Contains(validation.Labels[label]));
        if (leftOut > 0)
            screen.Note(Language.Format(
                $"{leftOut:N0} filas de {validation.Path} tienen una etiqueta que no tiene ninguna fila para aprender, y no cuentan.",
                $"{leftOut:N0} rows of {validation.Path} have a label that no row to learn from has, and are left out."));
        return learned;
    }

    private static void Print(IReadOnlyList<ComparedModel> models)
    {
        bool areTrained = models.Any(model => model.TrainingTime is not null);
        Table table = EvaluationTables.Numeric(new Table().AddColumn(Language.Say("modelo", "model")),
            [Language.Say("exactitud", "accuracy"), "macro-F1", .. (string[])(areTrained ? [Language.Say("entr. s", "train s")] : []),
                Language.Say("filas/s", "rows/s"), "MB"]);
        foreach (ComparedModel model in models)
        {
            string[] training = areTrained ? [model.TrainingTime is { } time ? Language.Text.Number(time.TotalSeconds, 1) : ""] : [];
            table.AddRow([
                Markup.Escape(model.Name),
                WithInterval(model.Metrics.Accuracy),
                WithInterval(model.Metrics.MacroF1),
                .. training,
                Language.Text.Number(model.RowsPerSecond, "N0"),
                Language.Text.Number(model.Bytes / 1e6, 1)]);
        }
        AnsiConsole.Write(table);
        PrintVerdict(models);
    }

    private static void PrintVerdict(IReadOnlyList<ComparedModel> models)
    {
        Console.WriteLine(models[0].Metrics.IsUnbalanced
            ? Language.Say("Las clases están desequilibradas: cuenta la macro-F1, en la que cada clase pesa lo mismo.",
                "The classes are unbalanced, so macro-F1 is what counts: every class weighs the same in it.")
            : Language.Say("Las clases están equilibradas: cuenta la exactitud.", "The classes are balanced, so accuracy is what counts."));
        foreach (ComparisonVerdict verdict in models[0].Kind == ComparedModelKind.Ready ? ComparisonVerdict.AgainstBest(models) : ComparisonVerdict.Of(models))
            Console.WriteLine(verdict.Sentence(Language.Text.Language));
    }

    /// <summary>The interval stands below its figure: beside it, the models' names would have no room on a terminal of 80 columns.</summary>
    private static string WithInterval(MetricInterval figure) => EvaluationTables.Number(figure.Value) + (double.IsFinite(figure.Low)
        ? Language.Format($"\n{figure.Low:0.000}–{figure.High:0.000}", $"\n{figure.Low:0.000}–{figure.High:0.000}")
        : "");
}
