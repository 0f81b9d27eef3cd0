using System.CommandLine;
using Microsoft.ML;
using SentimentML.Tool.Data;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;
using SentimentML.Tool.Training;
using Spectre.Console;

namespace SentimentML.Tool.Commands;

/// <summary>A file of reviews in, a model folder out.</summary>
internal sealed class TrainCommand : ToolCommand
{
    private const int DefaultSeed = 42;

    private readonly Option<string> _train = Flags.Text("--train", "F", $"The reviews to learn from: {DataOptions.Formats}.", required: true);
    private readonly Option<string> _validation = Flags.Text("--validation", "F", "Reviews to measure on before the first step and after each epoch; the best epoch is kept.");
    private readonly Option<Backbone> _backbone = Flags.Backbone();
    private readonly Option<string> _output = Flags.Text("--output", "DIR", "The model folder to write. It appears when the training is over.", required: true);
    private readonly DataOptions _data = new();
    private readonly Option<bool> _neutralClass = new("--neutral-class") { Description = "Make 3 stars a third class, neutral, instead of leaving them out." };
    private readonly Option<int?> _maxRows = Flags.Whole("--max-rows", "The most rows to learn from: drawn by the seed from those that have a label, or with --no-shuffle the first of them.");
    private readonly Option<int?> _epochs = Flags.Whole("--epochs", "How often every row is seen (default: what suits the backbone; 2 for roberta-base-bne).");
    private readonly Option<int?> _batchSize = Flags.Whole("--batch-size", "Rows in a batch (default 16).");
    private readonly Option<double?> _learningRate = Flags.Number("--learning-rate", "The highest learning rate (default: what suits the backbone; 2e-5 for roberta-base-bne).");
    private readonly Option<double?> _weightDecay = Flags.Number("--weight-decay", "AdamW's weight decay (default 0.01).");
    private readonly Option<int?> _warmupSteps = Flags.Whole("--warmup-steps", "Steps in which the learning rate rises from 0 (default: what suits the backbone; 0 for roberta-base-bne).");
    private readonly Option<int?> _gradientAccumulation = Flags.Whole("--gradient-accumulation", "Batches averaged into one step (default 1).");
    private readonly Option<double?> _labelSmoothing = Flags.Number("--label-smoothing", "The share of probability spread over all labels in the loss (default 0).");
    private readonly Option<int?> _maxTokens = Flags.Whole("--max-tokens", "The tokens a text is cut to (default: all that the backbone takes, 512).");
    private readonly Option<int?> _seed = Flags.Whole("--seed", $"What all random choices come from (default {DefaultSeed}).");
    private readonly Option<bool> _noShuffle = new("--no-shuffle") { Description = "Keep the rows in the file's order in every epoch; --max-rows then takes the first." };
    private readonly Option<TorchDevice> _device = Flags.Device();
    private readonly Option<TrainingPrecision> _precision = Flags.Choice("--precision", "In what numbers to compute", TrainingPrecision.Auto,
        ("auto", TrainingPrecision.Auto), ("fp32", TrainingPrecision.Float32), ("bf16", TrainingPrecision.BFloat16));
    private readonly Option<bool> _noGroups = new("--no-length-groups") { Description = "Draw each batch from all rows, whatever their length: slower, with more padding." };
    private readonly Option<string> _checkpointFolder = Flags.Text("--checkpoint-folder", "DIR", "Keep checkpoints here, to go on from after a stop.");
    private readonly Option<int?> _checkpointSteps = Flags.Whole("--checkpoint-steps", "Steps between checkpoints (default: one each epoch).");
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on from the newest whole checkpoint in --checkpoint-folder; begin anew where there is none." };
    private readonly Option<string> _log = Flags.Text("--log", "F", "Write one JSON line a step: step, epoch, loss, learning_rate, grad_norm (before clipping).");

    public TrainCommand()
        : base("train", "Fine-tune a backbone on reviews.")
    {
        Add(_train);
        Add(_validation);
        Add(_backbone);
        Add(_output);
        _data.AddTo(this);
        foreach (Option option in (Option[])[_neutralClass, _maxRows, _epochs, _batchSize, _learningRate, _weightDecay, _warmupSteps,
            _gradientAccumulation, _labelSmoothing, _maxTokens, _seed, _noShuffle, _device,
            _precision, _noGroups, _checkpointFolder, _checkpointSteps, _resume, _log])
            Add(option);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        var folder = new ModelDestination(arguments.GetRequiredValue(_output));
        var ml = new MLContext();
        RobertaTextClassificationOptions options = Recipe(arguments, cancellation);
        options.Check(nameof(options)); // before anything is read, as all that is cheap to find wrong

        DataColumns columns = _data.Read(arguments);
        NeutralStars neutral = arguments.GetValue(_neutralClass) ? NeutralStars.Class : NeutralStars.Drop;
        var trainFile = new ReviewData(ml, arguments.GetRequiredValue(_train), columns);
        ReviewData? validationFile = arguments.GetValue(_validation) is { } path ? new ReviewData(ml, path, columns) : null;
        LibTorch.Load();

        using var log = new TrainingLog(arguments.GetValue(_log));
        RobertaTextClassificationTransformer? model = null;
        try
        {
            Screen.During(screen =>
            {
                screen.Show("Reading the reviews");
                LabeledData train = CheckedTraining(trainFile.Labeled(neutral), arguments.GetValue(_maxRows), options, screen);
                options.ValidationSet = CheckedValidation(validationFile?.Labeled(neutral), train.Labels, options, screen);
                options.Progress = new TrainingScreen(screen, log);
                MLNetLog.Show(ml, screen, arguments.GetValue(Flags.Verbose));
                model = ml.MulticlassClassification.Trainers.RobertaTextClassification(options).Fit(train.Rows);
                screen.Show("Writing the model");
                model.SaveFolder(folder.Path);
            });
            Print(model!, folder.Path);
        }
        finally
        {
            model?.Dispose();
        }
    }

    private RobertaTextClassificationOptions Recipe(ParseResult arguments, CancellationToken cancellation)
    {
        var options = new RobertaTextClassificationOptions();
        options.Backbone = arguments.GetRequiredValue(_backbone);
        options.Device = arguments.GetRequiredValue(_device);
        options.Epochs = arguments.GetValue(_epochs);
        options.BatchSize = arguments.GetValue(_batchSize) ?? options.BatchSize;
        options.LearningRate = arguments.GetValue(_learningRate);
        options.WeightDecay = arguments.GetValue(_weightDecay) ?? options.WeightDecay;
        options.WarmupSteps = arguments.GetValue(_warmupSteps);
        options.GradientAccumulation = arguments.GetValue(_gradientAccumulation) ?? options.GradientAccumulation;
        options.LabelSmoothing = arguments.GetValue(_labelSmoothing) ?? options.LabelSmoothing;
        options.MaxTokens = arguments.GetValue(_maxTokens);
        options.Seed = arguments.GetValue(_seed) ?? DefaultSeed;
        options.Shuffle = !arguments.GetValue(_noShuffle);
        options.Precision = arguments.GetValue(_precision);
        options.GroupByLength = !arguments.GetValue(_noGroups);
        options.CheckpointFolder = arguments.GetValue(_checkpointFolder);
        options.CheckpointSteps = arguments.GetValue(_checkpointSteps);
        options.Resume = arguments.GetValue(_resume);
        options.CancellationToken = cancellation;
        if (arguments.GetValue(_maxRows) < 1)
            throw new ArgumentException($"--max-rows is {arguments.GetValue(_maxRows)}, expected 1 or more.");
        return options;
    }

    /// <summary>The rows to learn from, after a look at all of them.</summary>
    private static LabeledData CheckedTraining(LabeledData train, int? maxRows, RobertaTextClassificationOptions options, Screen screen)
    {
        int[] labels = train.ReadLabels(options.CancellationToken);
        if (maxRows < labels.Length)
        {
            IReadOnlySet<int> places = RowDraw.Of(labels.Length, maxRows.Value, options.Shuffle ? options.Seed : null);
            labels = [.. labels.Where((_, place) => places.Contains(place))];
            train = train.Only(places);
        }
        if (labels.Length == 0)
            throw new SentimentMLException($"{train.Path}: no row has a label. Three-star reviews have none unless --neutral-class makes them a class of their own.");
        if (labels.Distinct().Count() == 1)
            throw new SentimentMLException($"{train.Path}: all {labels.Length} rows to learn from are labelled '{train.Labels[labels[0]]}'; rows of at least two labels were expected. Give a file that has both kinds of reviews, or raise --max-rows.");
        screen.Note(train.Describe(labels));
        return train;
    }

    private static IDataView? CheckedValidation(LabeledData? validation, IReadOnlyList<string> trained, RobertaTextClassificationOptions options, Screen screen)
    {
        if (validation is null)
            return null;
        int[] labels = validation.ReadLabels(options.CancellationToken);
        if (!labels.Any(label => trained.Contains(validation.Labels[label])))
            throw new SentimentMLException($"{validation.Path}: no row has one of the labels that are trained ({string.Join(", ", trained)}). Its labels are {string.Join(", ", validation.Labels)}.");
        screen.Note(validation.Describe(labels));
        return validation.Rows;
    }

    private static void Print(RobertaTextClassificationTransformer model, string folder)
    {
        if (model.Evaluations.Count > 0)
        {
            var table = new Table().AddColumns("epoch", "accuracy", "macro-F1", "loss");
            foreach (TrainingEvaluation e in model.Evaluations)
                table.AddRow($"{e.Epoch:0.##}", $"{e.Accuracy:0.0000}", $"{e.MacroF1:0.0000}", $"{e.Loss:0.0000}");
            AnsiConsole.Write(table);
        }
        Console.WriteLine($"The model is in {folder}");
    }
}
