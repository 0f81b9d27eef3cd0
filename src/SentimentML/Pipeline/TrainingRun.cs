using Microsoft.ML;
using Microsoft.ML.Runtime;
using SentimentML.Encoders;
using SentimentML.Labels;
using SentimentML.MLNetInternals;
using SentimentML.Persistence;
using SentimentML.Preprocessing;
using SentimentML.Tokenization;
using SentimentML.Training;
using SentimentML.Wording;
using TorchSharp;

namespace SentimentML.Pipeline;

/// <summary>One Fit: from data views and a backbone to a transformer.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly IHostEnvironment _environment;
    private readonly SentimentClassificationOptions _options;
    private readonly int _seed;
    private readonly ReportText _text = ReportText.Current;
    private readonly IChannel _log;
    private readonly ProgressReporter _progress;
    private readonly CancellationToken _cancellation;

    public TrainingRun(IHostEnvironment environment, SentimentClassificationOptions options, int seed)
    {
        _environment = environment;
        _options = options;
        _seed = seed;
        _log = environment.Register(nameof(SentimentClassificationTrainer)).Start("Fine-tuning");
        _progress = new ProgressReporter(options.Progress, _log, _text);
        _cancellation = options.CancellationToken;
    }

    /// <summary>Whether a column hides one of its own name, as it does when a transform puts its result in its input's place.</summary>
    private static bool IsRewritten(DataViewSchema schema, string column) => schema.Count(each => each.Name == column) > 1;

    public SentimentClassificationTransformer Fit(IDataView input)
    {
        TrainingColumns columns = Columns(_options);
        DataViewSchema.Column label = input.Schema.Require(columns.Label, "The training data");
        LabelType labelType = LabelNames.TypeOf(label, input);
        IReadOnlyList<string> labels = labelType.Names(label);
        torch.Device device = MLNetHost.DeviceOf(_environment, _options.Device);

        _progress.Prepare($"{_text.Say("Abriendo la red", "Opening the backbone")} {_options.Backbone.Name}");
        StartingPoint start = StartingPoint.Of(_options, labels, _progress.Prepare);
        (SequenceClassifier network, PretrainedTokenizer tokenizer, var report) = start.Load(labels, _seed, device, _cancellation);
        try
        {
            _log.Loaded(report, _seed, _text);
            var choice = new RecipeChoice(_options, _seed, start, network.Config, network.Config.MaxTokensOf(tokenizer), device);

            _progress.Prepare(_text.Say("Dividiendo en tokens", "Tokenizing"));
            TweetPreprocessing? preprocessing = _options.Preprocessing ?? (start.Preprocessing is { } own ? new TweetPreprocessing(own) : null);
            var rows = new TrainingRows(columns, labels, Tokens(tokenizer, preprocessing, choice.MaxTokens), _log, _options.Names, _cancellation);
            TrainingData train = rows.Train(input);
            if (!_options.TellsLabels && LabelCheck.WithoutSentiment(LabelRowsOf(train, labels), _options.StartsFromSentimentModel) is { } silent)
                _progress.Warned(silent);
            TrainingData? validation = _options.ValidationSet is { } set ? rows.Validation(set) : null;
            if (_options.ValidationSet is { } raw && IsRewritten(input.Schema, columns.Text) && !IsRewritten(raw.Schema, columns.Text))
                _log.Warning(_text.Say(
                    $"Una transformación anterior al entrenamiento reescribe la columna '{columns.Text}', y el conjunto de validación no pasa por ella: se "
                    + "mide tal como se cargó. Dalo después de las mismas transformaciones (prepared.Transform(validation)).",
                    $"A transform before the training rewrites the column '{columns.Text}', and the validation set does not pass through it: it is "
                    + "measured as it was loaded. Give it after the same transforms (prepared.Transform(validation))."));
            _log.Read(train, validation, choice.MaxTokens, _text);

            TrainingRecipe recipe = choice.For(labels, train.Examples);
            _log.Chosen(recipe, _options);
            IReadOnlyList<Example> weighted = rows.Weighted(train.Examples, recipe.ClassWeights);
            _progress.Begin(recipe, weighted.Count, validation?.Examples.Count ?? 0);
            // Opened before the training: nothing that is read after it can lose it.
            using PeftAdapter? below = recipe.LoraRank is null ? null : start.OpenAdapter(network, report);
            var task = new ClassificationTask(network, weighted, validation?.Examples, device, recipe.LabelSmoothing);
            TrainingHistory history = new TrainingLoop(task, recipe, device, _progress, Settings(_options)).Run(_cancellation);
            if (below is not null)
                history.Adapter = history.Adapter?.Over(below);

            var parts = new ModelParts(network.Config, tokenizer, Record(recipe, preprocessing, start.License, history, labelType));
            if (validation is not null)
                parts = parts with { Record = Measured(parts, network, validation, history, device) };
            _progress.Finish();
            return new SentimentClassificationTransformer(
                new TextClassificationModel(parts, network, device), ScoredColumns(_options) with { LabelType = labelType }) { History = history };
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public void Dispose() => _log.Dispose();

    /// <summary>The columns that a training reads.</summary>
    public static TrainingColumns Columns(SentimentClassificationOptions options) =>
        new(options.TextColumnName, options.TextPairColumnName, options.LabelColumnName, options.ExampleWeightColumnName);

    /// <summary>How a run is conducted, on which its outcome does not depend.</summary>
    public static RunSettings Settings(SentimentClassificationOptions options) => new()
    {
        Checkpoints = options.CheckpointFolder is { } folder
            ? new CheckpointPlan(folder, options.CheckpointSteps, options.CheckpointInterval, options.MaxCheckpoints, options.Resume) { Names = options.Names }
            : null,
        OnCancellation = options.OnCancellation,
        Names = options.Names,
        GradientCheckpointing = options.GradientCheckpointing,
        HalveBatchWhenOutOfMemory = options.HalveBatchWhenOutOfMemory,
    };

    private static ScoredColumns ScoredColumns(SentimentClassificationOptions options) =>
        new(options.TextColumnName, options.TextPairColumnName, options.PredictedLabelColumnName, options.ScoreColumnName);

    private static LabelRows[] LabelRowsOf(TrainingData data, IReadOnlyList<string> labels) =>
        [.. data.Examples.GroupBy(row => row.Label).Select(rows => new LabelRows(labels[rows.Key], rows.Count(), rows.First().Row + 1))];

    private static Tokenize Tokens(PretrainedTokenizer tokenizer, TweetPreprocessing? preprocessing, int maxTokens) =>
        (TextInput text, out bool cut) => tokenizer.EncodeRow(preprocessing.Apply(text), maxTokens, out cut);

    private ModelRecord Record(TrainingRecipe recipe, TweetPreprocessing? preprocessing, string? license, TrainingHistory history, LabelType labelType) => new()
    {
        Backbone = _options.Backbone.Name,
        TextPair = _options.TextPairColumnName is not null,
        MaxTokens = recipe.MaxTokens,
        LabelType = labelType == LabelType.Text ? null : labelType.Name,
        Training = recipe,
        Preprocessing = preprocessing?.Options,
        License = license,
        Evaluations = history.Evaluations,
        CalibratedScores = _options.CalibratedScores ? true : null,
        InferencePrecision = _options.InferencePrecision == InferencePrecision.Auto ? null : _options.InferencePrecision,
    };

    /// <summary>The record with what the validation set says of the kept weights. A run that was cancelled has no time left for it.</summary>
    private ModelRecord Measured(ModelParts parts, SequenceClassifier network, TrainingData validation, TrainingHistory history, torch.Device device)
    {
        ModelRecord record = parts.Record;
        try
        {
            _progress.Measure(_text.Say($"calibrando con {validation.Examples.Count} filas", $"calibrating on {validation.Examples.Count} rows"));
            // What was trained in bfloat16 was validated in bfloat16 too.
            double[][]? exact = record.Training!.BFloat16 ? null : history.BestLogits;
            ValidationFindings findings = ValidationFindings.Of(network, validation.Examples, exact, parts.CalibrationIds, device, _cancellation);
            record = record with { Temperature = findings.Calibration?.Temperature, LabelsKept = findings.LabelsKept };
            _log.Info(findings.Sentence(_text));
        }
        catch (OperationCanceledException) when (_options.OnCancellation == CancellationOutcome.KeepBest && _cancellation.IsCancellationRequested)
        {
            _log.Warning(_text.Say("El modelo no tiene temperatura: el entrenamiento se detuvo antes de calibrar sus probabilidades.",
                "The model has no temperature: the run was cancelled before its probabilities were calibrated."));
        }
        if (_options.CalibratedScores && record.Temperature is null)
        {
            string asked = _options.Names.Name(nameof(_options.CalibratedScores));
            _log.Warning(_text.Say($"Se pidió {asked}, y el modelo no tiene temperatura: sus puntuaciones quedan como están.",
                $"{asked} was asked for, and the model has no temperature: its scores stay as they are."));
        }
        return record;
    }
}
