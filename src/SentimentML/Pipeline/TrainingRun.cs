using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SentimentML.Backbones;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Evaluation;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Labels;
using SentimentML.Encoders;
using SentimentML.Tokenization;
using SentimentML.Torch;
using SentimentML.Training;
using TorchSharp;

namespace SentimentML.Pipeline;

/// <summary>One Fit: from data views and a backbone to a transformer.</summary>
internal sealed class TrainingRun : IDisposable
{
    /// <summary>Smaller networks are quick in float32, and there every step equals the reference's.</summary>
    private const int LeastBFloat16Size = 512;

    private readonly SentimentClassificationOptions _options;
    private readonly int _seed;
    private readonly IChannel _log;
    private readonly ProgressReporter _progress;
    private readonly CancellationToken _cancellation;

    public TrainingRun(IHostEnvironment environment, SentimentClassificationOptions options, int seed)
    {
        _options = options;
        _seed = seed;
        _log = environment.Register(nameof(SentimentClassificationTrainer)).Start("Fine-tuning");
        _progress = new ProgressReporter(options.Progress, _log);
        _cancellation = options.CancellationToken;
    }

    public SentimentClassificationTransformer Fit(IDataView input)
    {
        var columns = new TrainingColumns(_options.TextColumnName, _options.TextPairColumnName, _options.LabelColumnName, _options.ExampleWeightColumnName);
        IReadOnlyList<string> labels = LabelNames.Of(Column(input.Schema, columns.Label));
        torch.Device device = _options.Device.Resolve();

        _progress.Prepare($"Opening the backbone {_options.Backbone.Name}");
        ModelFiles files = _options.Backbone.Open(_progress.Prepare, _cancellation);
        BackboneRecipe recommended = BackboneRecipe.Read(files);
        Pretrained pretrained = Pretrained.ForLabels(files, labels, _seed, device);
        bool handedOver = false;
        try
        {
            int maxTokens = Math.Min(_options.MaxTokens ?? int.MaxValue, Math.Min(pretrained.Network.Config.MaxTokens, pretrained.Tokenizer.MaxTokens));
            Log(pretrained.Report);

            _progress.Prepare("Tokenizing");
            TokenRow Tokenize(TextInput text, out bool cut) => pretrained.Tokenizer.EncodeRow(text, maxTokens, out cut);

            TrainingData train = TrainingData.Read(input, columns, labels, Tokenize, _cancellation);
            Check(train, labels);
            TrainingData? validation = _options.ValidationSet is { } set ? ReadValidation(set, columns, labels, Tokenize) : null;
            Log(train, validation, maxTokens);

            Check(pretrained.Network.Config);
            TrainingRecipe recipe = Recipe(recommended, pretrained.Network.Config, train.Examples.Count, device);
            Log(recipe, recommended);
            IReadOnlyList<Example> weighted = Weighted(train.Examples, labels);
            _progress.Begin(recipe, weighted.Count, validation?.Examples.Count ?? 0);
            var task = new ClassificationTask(pretrained.Network, weighted, validation?.Examples, device, recipe.LabelSmoothing);
            TrainingHistory history = new TrainingLoop(task, recipe, device, _progress, RunSettings.Of(_options)).Run(_cancellation);
            JsonObject card = Card(recipe, train, history.Evaluations);
            if (validation is not null)
                Calibrate(card, pretrained.Network, validation, recipe, history, device);
            _progress.Finish();

            var model = new TextClassificationModel(pretrained.Network, pretrained.Tokenizer, maxTokens, card, device);
            handedOver = true;
            return new SentimentClassificationTransformer(model,
                new ScoredColumns(_options.TextColumnName, _options.TextPairColumnName, _options.PredictedLabelColumnName, _options.ScoreColumnName), history.Evaluations) { History = history };
        }
        finally
        {
            if (!handedOver)
                pretrained.Network.Dispose();
        }
    }

    public void Dispose() => _log.Dispose();

    private TrainingRecipe Recipe(BackboneRecipe recommended, EncoderConfig config, int rows, torch.Device device)
    {
        var recipe = new TrainingRecipe
        {
            Epochs = _options.Epochs ?? recommended.Epochs,
            BatchSize = _options.BatchSize,
            LearningRate = _options.LearningRate ?? recommended.LearningRate,
            WeightDecay = _options.WeightDecay,
            WarmupSteps = _options.WarmupSteps ?? 0,
            GradientAccumulation = _options.GradientAccumulation,
            MaxGradientNorm = _options.MaxGradientNorm,
            LabelSmoothing = _options.LabelSmoothing,
            Shuffle = _options.Shuffle,
            Seed = _seed,
            GroupByLength = _options.GroupByLength ?? device.type != DeviceType.CPU,
            BFloat16 = _options.Precision == TrainingPrecision.BFloat16
                || (_options.Precision == TrainingPrecision.Auto && config.HiddenSize >= LeastBFloat16Size && Processor.HasBFloat16(device)),
            EvaluationSteps = _options.EvaluationSteps,
            BestModelBy = _options.BestModelBy,
            EarlyStoppingPatience = _options.EarlyStoppingPatience,
            FrozenLayers = _options.FrozenLayers,
            LayerLearningRateDecay = _options.LayerLearningRateDecay,
            LoraRank = _options.LoraRank,
            LoraAlpha = _options.LoraAlpha ?? 2.0 * _options.LoraRank.GetValueOrDefault(),
        };
        return _options.WarmupSteps is null
            ? recipe with { WarmupSteps = (int)Math.Ceiling(recommended.WarmupRatio * recipe.StepsPerEpoch(rows) * recipe.Epochs) }
            : recipe;
    }

    /// <summary>The rows with their label's weight in their own.</summary>
    private IReadOnlyList<Example> Weighted(IReadOnlyList<Example> rows, IReadOnlyList<string> labels)
    {
        if (_options.ClassWeights is { } weights)
        {
            int[] counts = new int[labels.Count];
            foreach (Example row in rows)
                counts[row.Label]++;
            double[] byLabel = weights.For(labels, counts);
            _log.Info(string.Create(CultureInfo.InvariantCulture, $"Class weights: {string.Join(", ", labels.Zip(byLabel, (name, weight) => FormattableString.Invariant($"{name} {weight:0.####}")))}"));
            rows = [.. rows.Select(row => row with { Weight = (float)(row.Weight * byLabel[row.Label]) })];
        }
        return rows.Any(row => row.Weight > 0)
            ? rows
            : throw new SentimentMLException($"All {rows.Count} training rows weigh 0, so that there is nothing to learn from: look at ClassWeights{(_options.ExampleWeightColumnName is { } column ? $" and at the column '{column}'" : "")}.");
    }

    private void Check(EncoderConfig config)
    {
        if (_options.FrozenLayers > config.Layers)
            throw new SentimentMLException($"FrozenLayers is {_options.FrozenLayers}, but the backbone {_options.Backbone.Name} has {config.Layers} layers.");
        if (_options.LoraRank > config.HiddenSize)
            throw new SentimentMLException($"LoraRank is {_options.LoraRank}, but the matrices of the backbone {_options.Backbone.Name} have {config.HiddenSize} rows: expected a rank well below that.");
    }

    /// <summary>
    /// The validation set comes as it was loaded, while the training data has gone through the pipeline: a text label is
    /// looked up by its name, and stars are mapped as the training's were.
    /// </summary>
    private TrainingData ReadValidation(IDataView set, TrainingColumns columns, IReadOnlyList<string> labels, Tokenize tokenize)
    {
        set = WithLabels(set, columns, labels);
        TrainingData data = TrainingData.Read(set, columns with { Weight = null }, labels, tokenize, _cancellation);
        if (data.Examples.Count == 0)
            throw new SentimentMLException($"The validation set has no row with one of the training labels ({string.Join(", ", labels)}).");
        foreach (string missing in labels.Where((_, place) => data.Examples.All(row => row.Label != place)))
            _log.Warning($"The validation set has no row labelled '{missing}': its metrics say nothing of that label.");
        return data;
    }

    /// <summary>A validation set with a label column, made from its stars where the training's was.</summary>
    internal static IDataView WithLabels(IDataView set, TrainingColumns columns, IReadOnlyList<string> labels)
    {
        const string stars = "Stars";
        if (set.Schema.GetColumnOrNull(columns.Label) is null && set.Schema.GetColumnOrNull(stars) is not null && Sentiments.NeutralOf(labels) is { } neutral)
            set = new StarsToSentimentEstimator(columns.Label, stars, neutral).Fit(set).Transform(set);
        if (set.Schema.GetColumnOrNull(columns.Label) is null)
            throw new SentimentMLException($"The validation set has no column '{columns.Label}'; it has {string.Join(", ", set.Schema.Select(c => c.Name))}. "
                + "Give it the labels as a key or as text; stars (a column 'Stars') are mapped where the training labels come from MapStarsToSentiment.");
        return set;
    }

    private static DataViewSchema.Column Column(DataViewSchema schema, string name) => schema.GetColumnOrNull(name)
        ?? throw new SentimentMLException($"The training data has no column '{name}'; it has {string.Join(", ", schema.Select(c => c.Name))}.");

    private void Check(TrainingData train, IReadOnlyList<string> labels)
    {
        if (train.Examples.Count == 0)
            throw new SentimentMLException(train.Unlabeled > 0
                ? $"No training row has a label ({train.Unlabeled} rows were read). Three-star reviews have none unless they are mapped to a third class."
                : "The training data has no rows.");
        int[] used = [.. train.Examples.Select(row => row.Label).Distinct()];
        if (used.Length < 2)
            throw new SentimentMLException($"All {train.Examples.Count} training rows are labelled '{labels[used[0]]}': at least two labels are needed to learn to tell them apart.");
        foreach (string missing in labels.Where((_, place) => !used.Contains(place)))
            _log.Warning($"No training row is labelled '{missing}': the model cannot learn to answer it.");
        int empty = train.Examples.Count(row => row.Tokens.Length <= 2);
        if (empty > 0)
            _log.Warning($"{empty} training rows have an empty text: all of them look the same to the network. Leave them out, unless the data to be scored has such rows too.");
    }

    private void Log(LoadReport report)
    {
        string[] drawn = [.. report.NewlyInitialized, .. report.Mismatched.Select(tensor => tensor.Name)];
        if (drawn.Length > 0)
            _log.Info($"A new head, drawn from seed {_seed}: {string.Join(", ", drawn)}");
        if (report.Unexpected.Count > 0)
            _log.Info($"In the checkpoint and not used: {string.Join(", ", report.Unexpected)}");
    }

    private void Log(TrainingData train, TrainingData? validation, int maxTokens)
    {
        _log.Info($"{train.Examples.Count} training rows, {train.Unlabeled} without a label left out, {train.Cut} cut to {maxTokens} tokens");
        if (validation is not null)
            _log.Info($"{validation.Examples.Count} validation rows, {validation.Unlabeled} without a known label left out, {validation.Cut} cut to {maxTokens} tokens");
        if (train.Cut > 0)
            _log.Warning($"{train.Cut} training rows are longer than {maxTokens} tokens: what comes after is not seen.");
    }

    private void Log(TrainingRecipe recipe, BackboneRecipe recommended)
    {
        string Source(object? own) => own is null ? "the backbone's" : "as set";
        _log.Info(string.Create(CultureInfo.InvariantCulture,
            $"Epochs {recipe.Epochs} ({Source(_options.Epochs)}), learning rate {recipe.LearningRate} ({Source(_options.LearningRate)}), warm-up {recipe.WarmupSteps} steps ({Source(_options.WarmupSteps)}), batch {recipe.BatchSize}, seed {recipe.Seed}, {(recipe.BFloat16 ? "bfloat16" : "float32")}"));
    }

    /// <summary>Adds to the card what the validation set says of the kept weights. A run that was cancelled has no time left for it.</summary>
    private void Calibrate(JsonObject card, SequenceClassifier network, TrainingData validation, TrainingRecipe recipe, TrainingHistory history, torch.Device device)
    {
        try
        {
            _progress.Measure($"calibrating on {validation.Examples.Count} rows");
            ValidationFindings findings = ValidationFindings.Of(network, validation.Examples, recipe.BFloat16 ? null : history.BestLogits, device, _cancellation);
            findings.WriteTo(card);
            _log.Info(findings.ToString());
        }
        catch (OperationCanceledException) when (_options.OnCancellation == CancellationOutcome.KeepBest && _cancellation.IsCancellationRequested)
        {
            _log.Warning("The model has no temperature: the run was cancelled before its probabilities were calibrated.");
        }
        SavedTemperature.Use(card, _options.CalibratedScores);
        if (_options.CalibratedScores && SavedTemperature.Read(card) is null)
            _log.Warning("CalibratedScores was asked for, and the model has no temperature: its scores stay as they are.");
    }

    /// <summary>How the model was made, kept with it (sentimentml.json).</summary>
    private JsonObject Card(TrainingRecipe recipe, TrainingData train, IReadOnlyList<TrainingEvaluation> evaluations) => new()
    {
        ["backbone"] = _options.Backbone.Name,
        ["text_pair"] = _options.TextPairColumnName is not null,
        ["training"] = new JsonObject
        {
            ["rows"] = train.Examples.Count,
            ["epochs"] = recipe.Epochs,
            ["batch_size"] = recipe.BatchSize,
            ["learning_rate"] = recipe.LearningRate,
            ["weight_decay"] = recipe.WeightDecay,
            ["warmup_steps"] = recipe.WarmupSteps,
            ["gradient_accumulation"] = recipe.GradientAccumulation,
            ["max_gradient_norm"] = double.IsFinite(recipe.MaxGradientNorm) ? recipe.MaxGradientNorm : null, // JSON has no infinity
            ["label_smoothing"] = recipe.LabelSmoothing,
            ["seed"] = recipe.Seed,
            ["shuffle"] = recipe.Shuffle,
            ["group_by_length"] = recipe.GroupByLength,
            ["precision"] = recipe.BFloat16 ? "bfloat16" : "float32",
            ["best_model_by"] = recipe.BestModelBy.ToString(),
            ["frozen_layers"] = recipe.FrozenLayers,
            ["layer_learning_rate_decay"] = recipe.LayerLearningRateDecay,
            ["lora_rank"] = recipe.LoraRank,
            ["lora_alpha"] = recipe.LoraRank is null ? null : recipe.LoraAlpha,
        },
        ["evaluations"] = new JsonArray([.. evaluations.Select(e => (JsonNode)new JsonObject
        {
            ["epoch"] = e.Epoch,
            ["step"] = e.Step,
            ["accuracy"] = e.Accuracy,
            ["macro_f1"] = e.MacroF1,
            ["loss"] = e.Loss,
        })]),
    };
}
