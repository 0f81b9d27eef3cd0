using SentimentML.Encoders;
using SentimentML.Torch;
using SentimentML.Training;
using TorchSharp;

namespace SentimentML.Pipeline;

/// <summary>From options, in which much is left to the backbone, the device and the data, to a recipe in which every choice is made.</summary>
/// <param name="options">What the user asks for.</param>
/// <param name="seed">The seed of all random choices.</param>
/// <param name="start">Where the weights come from, and what suits them.</param>
/// <param name="config">The backbone's sizes.</param>
/// <param name="maxTokens">The longest row that the backbone's tokenizer and positions allow.</param>
/// <param name="device">Where the training computes.</param>
internal sealed class RecipeChoice(
    SentimentClassificationOptions options, int seed, StartingPoint start, EncoderConfig config, int maxTokens, torch.Device device)
{
    // The reference notebook's, for a backbone that recommends nothing.
    private const double LearningRate = 2e-5;
    private const int Epochs = 2;

    /// <summary>Smaller networks are quick in float32, and there every step equals the reference's.</summary>
    private const int MinBFloat16Size = 384;

    /// <summary>The tokens that a text is cut to.</summary>
    public int MaxTokens { get; } = Math.Min(options.MaxTokens ?? int.MaxValue, maxTokens);

    /// <summary>The learning rate that suits a backbone.</summary>
    public static double LearningRateOf(BackboneRecipe suited) => suited.LearningRate ?? LearningRate;

    /// <summary>
    /// The LoRA that a backbone recommends, if the options leave what is trained to it. LoRA's rates are many times those of training everything,
    /// so a rate of the user's own is for what the user asks to train.
    /// </summary>
    /// <param name="options">What the user asks for.</param>
    /// <param name="suited">What the backbone recommends.</param>
    /// <param name="rows">The number of training rows.</param>
    public static LoraRecipe? LoraOf(SentimentClassificationOptions options, BackboneRecipe suited, int rows) =>
        options is { LoraRank: null, LearningRate: null, FrozenLayers: null, LayerLearningRateDecay: 1 } && rows >= suited.Lora?.MinRows ? suited.Lora : null;

    /// <param name="labels">The labels' names.</param>
    /// <param name="rows">The training rows.</param>
    /// <exception cref="SentimentMLException">The options do not fit the backbone or the labels.</exception>
    public TrainingRecipe For(IReadOnlyList<string> labels, IReadOnlyList<Example> rows)
    {
        BackboneRecipe suited = start.Recipe;
        LoraRecipe? lora = LoraOf(options, suited, rows.Count);
        Check(lora);
        int? loraRank = options.LoraRank ?? lora?.Rank;
        var recipe = new TrainingRecipe
        {
            StartFrom = start.Kind,
            Rows = rows.Count,
            Epochs = options.Epochs ?? lora?.Epochs ?? suited.Epochs ?? Epochs,
            BatchSize = options.BatchSize,
            LearningRate = options.LearningRate ?? lora?.LearningRate ?? LearningRateOf(suited),
            WeightDecay = options.WeightDecay,
            WarmupSteps = options.WarmupSteps ?? 0,
            GradientAccumulation = options.GradientAccumulation,
            MaxGradientNorm = options.MaxGradientNorm,
            LabelSmoothing = options.LabelSmoothing,
            MaxTokens = MaxTokens,
            Shuffle = options.Shuffle,
            Seed = seed,
            GroupByLength = options.GroupByLength ?? device.type != DeviceType.CPU,
            Precision = ComputesInBFloat16 ? TrainingPrecision.BFloat16 : TrainingPrecision.Float32,
            ClassWeights = ClassWeights(labels, rows),
            EvaluationSteps = options.EvaluationSteps,
            BestModelBy = options.BestModelBy,
            EarlyStoppingPatience = options.EarlyStoppingPatience,
            FrozenLayers = options.FrozenLayers,
            LayerLearningRateDecay = options.LayerLearningRateDecay,
            HiddenDropout = options.HiddenDropout ?? lora?.HiddenDropout,
            WeightAverageDecay = options.WeightAverageDecay,
            LoraRank = loraRank,
            LoraAlpha = options.LoraAlpha ?? 2.0 * loraRank,
            LoraTargets = lora is null ? options.LoraTargets : LoraTargets.AllMatrices,
        };
        int steps = recipe.StepsPerEpoch(rows.Count);
        if (options.Epochs is null && lora is not null)
            recipe = recipe with { Epochs = Math.Max(recipe.Epochs, Math.Min((lora.MinSteps + steps - 1) / steps, lora.MaxEpochs)) };
        return options.WarmupSteps is null
            ? recipe with { WarmupSteps = (int)Math.Ceiling((suited.WarmupRatio ?? 0) * steps * recipe.Epochs) }
            : recipe;
    }

    private bool ComputesInBFloat16 => options.Precision == TrainingPrecision.BFloat16
        || (options.Precision == TrainingPrecision.Auto && config.HiddenSize >= MinBFloat16Size && Processor.HasBFloat16(device));

    private Dictionary<string, double>? ClassWeights(IReadOnlyList<string> labels, IReadOnlyList<Example> rows)
    {
        if (options.ClassWeights is not { } weights)
            return null;
        int[] counts = new int[labels.Count];
        foreach (Example row in rows)
            counts[row.Label]++;
        return labels.Zip(weights.For(labels, counts, options.Names)).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    private void Check(LoraRecipe? lora)
    {
        if (options.FrozenLayers > config.Layers)
            throw new SentimentMLException($"{options.Names.Name(nameof(options.FrozenLayers))} is {options.FrozenLayers}, but the backbone "
                + $"{options.Backbone.Name} has {config.Layers} layers.");
        if (options.LoraRank > config.HiddenSize)
            throw new SentimentMLException($"{options.Names.Name(nameof(options.LoraRank))} is {options.LoraRank}, but the matrices of the backbone "
                + $"{options.Backbone.Name} have {config.HiddenSize} rows: expected a rank well below that.");
        if (lora?.Rank > config.HiddenSize)
            throw new SentimentMLException($"{ModelRecord.FileName} of {options.Backbone.Name} recommends fine_tuning.lora.rank {lora.Rank}, but the "
                + $"matrices have {config.HiddenSize} rows: expected a rank well below that. Correct it, or set "
                + $"{options.Names.Name(nameof(options.LoraRank))}.");
    }
}
