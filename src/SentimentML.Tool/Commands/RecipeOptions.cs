using System.CommandLine;
using System.CommandLine.Parsing;
using Trainer = SentimentML.SentimentClassificationOptions;

namespace SentimentML.Tool.Commands;

/// <summary>How to train: all that the trained weights depend on, with the data and the backbone.</summary>
internal sealed class RecipeOptions : TrainerOptions
{
    private readonly Option<int?> _loraRank = Flags.Whole(
        "--lora-rank", "Train LoRA's matrices of this rank (on --lora-targets), and the head, instead of everything; merged in the model (default: the "
        + "backbone's, if --learning-rate is not given; else no LoRA).");
    private readonly Option<int?> _earlyStopping =
        Flags.Whole("--early-stopping", "End after this many measurements in a row that were no better (default: every epoch is run). Needs --validation.");

    /// <param name="withSearched">With learning rate, epochs and batch size, which a search finds by itself.</param>
    public RecipeOptions(bool withSearched)
    {
        Take(nameof(Trainer.StartFrom),
            Flags.Choice("--start",
                "Which weights to start from; auto takes the ready sentiment model if the backbone has one (small) and the labels are sentiments",
                TrainingStart.Auto,
            ("auto", TrainingStart.Auto), ("backbone", TrainingStart.Backbone), ("sentiment", TrainingStart.SentimentModel)), (o, start) =>
                o.StartFrom = start);
        Switch(nameof(Trainer.Preprocessing), "--tweets",
            "Rewrite users, links, hashtags, emoji and repeated letters as pysentimiento does for tweets, in training and by the trained model.", o =>
                o.Preprocessing = new TweetPreprocessing());
        if (withSearched)
        {
            Whole(nameof(Trainer.Epochs), "--epochs", "How often every row is seen (default: what suits the backbone; 2 for roberta-base-bne).", (o, n) =>
                o.Epochs = n);
            Whole(nameof(Trainer.BatchSize), "--batch-size", "Rows in a batch (default 16).", (o, n) => o.BatchSize = n);
            Number(nameof(Trainer.LearningRate), "--learning-rate", "The highest learning rate (default: what suits the backbone; 2e-5 for roberta-base-bne).",
                (o, x) => o.LearningRate = x);
        }
        Number(nameof(Trainer.WeightDecay), "--weight-decay", "AdamW's weight decay (default 0.01).", (o, x) => o.WeightDecay = x);
        Whole(nameof(Trainer.WarmupSteps), "--warmup-steps",
            "Steps in which the learning rate rises from 0 (default: what suits the backbone; 0 for roberta-base-bne).", (o, n) => o.WarmupSteps = n);
        Whole(nameof(Trainer.GradientAccumulation), "--gradient-accumulation", "Batches averaged into one step (default 1).", (o, n) =>
            o.GradientAccumulation = n);
        Number(nameof(Trainer.MaxGradientNorm), "--max-gradient-norm", "The norm that gradients are clipped to (default 1; Infinity for no clipping).",
            (o, x) => o.MaxGradientNorm = x);
        Number(nameof(Trainer.LabelSmoothing), "--label-smoothing", "The share of probability spread over all labels in the loss (default 0).", (o, x) =>
            o.LabelSmoothing = x);
        Take(nameof(Trainer.ClassWeights), new Option<ChosenWeights>("--class-weights")
        {
            Description = "What each label counts in the loss: none (the default), balanced (each label as much as every other, however rare), or weights by "
                + "name, as in negative=2,positive=1.",
            HelpName = "W",
            CustomParser = ParsedWeights,
        }, (o, chosen) => o.ClassWeights = chosen.Weights);
        Whole(nameof(Trainer.FrozenLayers), "--frozen-layers",
            "Leave the embeddings and this many first layers as they are; 0 for the embeddings alone (default: everything is trained).", (o, n) =>
                o.FrozenLayers = n);
        Number(nameof(Trainer.LayerLearningRateDecay), "--layer-decay",
            "A layer's learning rate over that of the layer above it, above 0 to 1 (default 1: one rate for all).", (o, x) => o.LayerLearningRateDecay = x);
        Number(nameof(Trainer.HiddenDropout), "--dropout",
            "The share of hidden numbers that are dropped in training, 0 to below 1 (default: what the backbone says).", (o, x) => o.HiddenDropout = x);
        Number(nameof(Trainer.WeightAverageDecay), "--weight-average",
            "Evaluate and keep the moving average of the weights over the steps, with this decay, such as 0.99 (default: no average).", (o, x) =>
                o.WeightAverageDecay = x);
        Take(nameof(Trainer.LoraRank), _loraRank, (o, n) => o.LoraRank = n);
        Number(nameof(Trainer.LoraAlpha), "--lora-alpha", "What LoRA's product is scaled by, over the rank (default: twice the rank).", (o, x) =>
            o.LoraAlpha = x);
        Take(nameof(Trainer.LoraTargets), Flags.Choice("--lora-targets", "Which matrices of a layer LoRA adapts", LoraTargets.QueryAndValue,
            ("query-value", LoraTargets.QueryAndValue), ("all", LoraTargets.AllMatrices)), (o, targets) => o.LoraTargets = targets);
        Whole(nameof(Trainer.MaxTokens), "--max-tokens", "The tokens a text is cut to (default: all that the backbone takes, 512).", (o, n) => o.MaxTokens = n);
        Whole(nameof(Trainer.EvaluationSteps), "--evaluation-steps", "Steps between two measurements on the validation file (default: one after each epoch).",
            (o, n) => o.EvaluationSteps = n);
        Take(nameof(Trainer.BestModelBy), Flags.Choice("--best-by", "Which figure of the validation file says which weights are kept", BestModelMetric.Accuracy,
            ("accuracy", BestModelMetric.Accuracy), ("macro-f1", BestModelMetric.MacroF1), ("loss", BestModelMetric.Loss)), (o, metric) =>
                o.BestModelBy = metric);
        Take(nameof(Trainer.EarlyStoppingPatience), _earlyStopping, (o, n) => o.EarlyStoppingPatience = n);
        Switch(nameof(Trainer.Shuffle), "--no-shuffle", "Keep the rows in the file's order in every epoch; --max-rows then takes the first.", o =>
            o.Shuffle = false);
        Take(nameof(Trainer.GroupByLength),
            Flags.Choice("--length-groups", "Whether a batch is made of rows of like length; auto does so on a GPU, which pads rows to their batch's longest",
                LengthGroups.Auto,
            ("auto", LengthGroups.Auto), ("on", LengthGroups.On), ("off", LengthGroups.Off)), (o, groups) =>
                o.GroupByLength = groups == LengthGroups.Auto ? null : groups == LengthGroups.On);
        Take(nameof(Trainer.Precision), Flags.Choice("--precision", "In what numbers to compute", TrainingPrecision.Auto,
            ("auto", TrainingPrecision.Auto), ("fp32", TrainingPrecision.Float32), ("bf16", TrainingPrecision.BFloat16)), (o, precision) =>
                o.Precision = precision);
    }

    /// <summary>The words of --length-groups: System.CommandLine reads nothing but true and false into a bool.</summary>
    private enum LengthGroups
    {
        Auto,
        On,
        Off,
    }

    /// <summary>Whether LoRA's matrices are trained instead of everything.</summary>
    public bool HasLora(CommandResult result) => result.GetResult(_loraRank) is not null;

    /// <summary>Whether there has to be a validation file.</summary>
    public bool StopsEarly(CommandResult result) => result.GetResult(_earlyStopping) is not null;
}
