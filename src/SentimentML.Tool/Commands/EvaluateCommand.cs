using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using SentimentML.Files;
using SentimentML.Tool.Data;
using SentimentML.Tool.Evaluation;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>How well a model does on reviews whose labels are known.</summary>
internal sealed class EvaluateCommand : ToolCommand
{
    private readonly Option<string> _model = Flags.Model();
    private readonly Option<string> _predictedLabelColumn = Flags.PredictedLabelColumn();
    private readonly Option<string> _file = Flags.Text("--data", "F", Language.Say(
        $"Reseñas con estrellas o etiquetas: {DataOptions.Formats}. Las de tres estrellas cuentan si el modelo tiene una etiqueta neutral.",
        $"Reviews with stars or labels: {DataOptions.Formats}. Three stars count if the model has a neutral label."), required: true);
    private readonly DataOptions _data = new();
    private readonly Option<string> _report = Flags.Text("--report", "R.html", Language.Say(
        "Escribe el informe, una página que no necesita nada más; aparece cuando está completo.",
        "Write the report, a page that needs nothing else; it appears when it is whole."));
    private readonly Option<string> _train = Flags.Text("--train", "F", Language.Say(
        "Las reseñas con las que se entrenó el modelo: se muestra cuáles se repiten en las evaluadas.",
        "The reviews that the model was trained on: those that the evaluated ones repeat are shown."));
    private readonly Option<string> _baselines = Flags.Text("--baselines", "J", Language.Say(
        "Lo que escribió «compare --json» con las mismas reseñas, para mostrarlo junto al modelo.",
        "What 'compare --json' printed for the same reviews, to be shown beside the model."));
    private readonly Option<int?> _seed = Flags.Whole("--seed", Language.Say(
        "La semilla de los sorteos de los intervalos (por defecto, 0).", "What the intervals' draws start from (default 0)."));
    private readonly ModelOptions _engine = new();
    private readonly Option<bool> _withoutNeutral = Flags.WithoutNeutral();
    private readonly Option<bool> _json = Flags.Json();

    public EvaluateCommand()
        : base("evaluate", Language.Say(
            "Mide un modelo con reseñas: todas las métricas con su intervalo, y el informe.",
            "Measure a model on reviews: every metric with its interval, and the report."))
    {
        Add(_model);
        Add(_predictedLabelColumn);
        Add(_file);
        _data.AddTo(this);
        foreach (Option option in (Option[])[_report, _train, _baselines, _seed])
            Add(option);
        _engine.AddTo(this);
        Add(_withoutNeutral);
        Add(_json);
        this.CheckKeeps(_report, Language.Say("el informe", "the report"), _file, _train, _baselines);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        string? model = arguments.GetValue(_model);
        var ml = new MLContext();
        var file = new ReviewData(ml, arguments.GetRequiredValue(_file), _data.Read(arguments));
        ReviewData? trainFile = arguments.GetValue(_train) is { } path ? new ReviewData(ml, path, _data.Read(arguments)) : null;
        IReadOnlyList<ReportedBaseline> baselines = arguments.GetValue(_baselines) is { } list ? BaselineList.Read(list) : [];
        using WholeFile? page = arguments.GetValue(_report) is { } report ? OutputFile.Create(report) : null;
        SavedModel saved = ModelOptions.Open(model, cancellation, arguments.GetValue(_predictedLabelColumn));
        SentimentMap? labels = _engine.LabelsOf(arguments, file, [saved], cancellation);
        using SentimentClassifier classifier = _engine.Load(arguments, saved);
        EvaluationReport? evaluation = null;
        Screen.During(screen =>
        {
            screen.Show(Language.Say("Clasificando", "Classifying"));
            EvaluationRows measured = Scored(classifier, file, labels, arguments.GetValue(_withoutNeutral), screen, cancellation);
            screen.Show(Language.Say("Midiendo", "Measuring"));
            ModelRecord record = saved.Record;
            var result = SentimentEvaluation.Of(measured, new SentimentEvaluationOptions
            {
                Seed = arguments.GetValue(_seed) ?? 0,
                // One that the answers already have, or that is of other labels, is not shown beside them.
                Calibration = classifier.Scorer.Rule.Temperature == 1 && measured.LabelNames.Count == saved.Labels.Count ? record.Calibration : null,
                TrainingTexts = trainFile is null ? null : [.. trainFile.Texts()],
            });
            EvaluationReportOptions options = ReportOptions(arguments, record, result, classifier);
            options.ModelName = ModelOptions.ShortName(model);
            options.DataName = Path.GetFileName(file.Path);
            options.Baselines = baselines;
            if (page is not null && !_engine.IsOnnx(arguments))
                options.Explain = new MistakeExplanations(classifier, measured.Texts, cancellation).Of;
            evaluation = EvaluationReport.Create(result, options);
            page?.Stream.Write(Encoding.UTF8.GetBytes(evaluation.ToHtml()));
            page?.Complete();
        });
        if (arguments.GetValue(_json))
            Console.Out.WriteLine(evaluation!.ToJson());
        else
            Print(evaluation!, file.HasStars, arguments);
    }

    private void Print(EvaluationReport evaluation, bool isByStars, ParseResult arguments)
    {
        EvaluationTables.Print(evaluation, isByStars);
        bool hasEmptyNeutral = evaluation.Evaluation.Metrics.Labels.Any(label => label.Support == 0 && label.Label == Sentiment.Neutral.Word());
        if (hasEmptyNeutral && !arguments.GetValue(_withoutNeutral))
            Console.WriteLine(Language.Say(
                $"El archivo no tiene filas neutrales: {_withoutNeutral.Name} mide si el modelo distingue las negativas de las positivas.",
                $"The file has no neutral rows: {_withoutNeutral.Name} measures whether the model tells the negative from the positive."));
        if (arguments.GetValue(_report) is { } report)
            Console.Error.WriteLine($"{Language.Say("El informe está en", "The report is in")} {report}");
    }

    private EvaluationReportOptions ReportOptions(ParseResult arguments, ModelRecord record, SentimentEvaluation evaluation, SentimentClassifier classifier)
    {
        (string, string?)[] files = [("data", arguments.GetRequiredValue(_file)), ("train", arguments.GetValue(_train))];
        return new EvaluationReportOptions
        {
            Language = Output.Language.Text.Language,
            LearningCurve = record.Evaluations,
            Made = MadeFrom.Collect(
                files.Where(file => file.Item2 is not null)!,
                new JsonObject { ["seed"] = arguments.GetValue(_seed) ?? 0, ["resamples"] = evaluation.Resamples, ["engine"] = classifier.Engine },
                record, _engine.Device(arguments)),
        };
    }

    private static EvaluationRows Scored(
        SentimentClassifier classifier, ReviewData file, SentimentMap? labels, bool withoutNeutral, Screen screen, CancellationToken cancellation) =>
        file.Named(() => classifier.ScoreLabeled(file.RowsToEvaluate, new LabeledRowsOptions
        {
            Names = CommandLineNames.Instance,
            Sentiments = labels,
            WithoutNeutral = withoutNeutral,
            Progress = new RowsShown(screen, Task.Run(() => file.CountRows(cancellation), cancellation)),
            CancellationToken = cancellation,
        }));
}
