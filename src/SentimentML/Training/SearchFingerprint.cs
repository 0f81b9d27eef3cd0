using System.Text.Json;
using System.Text.Json.Serialization;

namespace SentimentML.Training;

/// <summary>What a trial's outcome depends on beside the trial itself, so that a table is only gone on with by the search that wrote it.</summary>
/// <param name="Backbone">The backbone's name.</param>
/// <param name="Recipe">All options that are not searched for, as JSON.</param>
/// <param name="TrainingRows">SHA-256 of the training rows' texts, labels and weights.</param>
/// <param name="ValidationRows">The same of the validation rows.</param>
internal sealed record SearchFingerprint(string Backbone, string Recipe, string TrainingRows, string ValidationRows)
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals }; // no clipping is an infinite norm

    public static SearchFingerprint Of(SentimentClassificationOptions options, int searchSeed, IReadOnlyList<Example> train, IReadOnlyList<Example> validation, IReadOnlyList<string> labels) => new(
        options.Backbone.Name,
        JsonSerializer.Serialize(new
        {
            SearchSeed = searchSeed,
            options.Seed,
            options.WeightDecay,
            options.WarmupSteps,
            options.GradientAccumulation,
            options.MaxGradientNorm,
            options.LabelSmoothing,
            options.MaxTokens,
            options.Shuffle,
            options.GroupByLength,
            Precision = options.Precision.ToString(),
            ClassWeights = options.ClassWeights?.For(labels, [.. labels.Select((_, place) => train.Count(row => row.Label == place))]),
            options.FrozenLayers,
            options.LayerLearningRateDecay,
            options.LoraRank,
            options.LoraAlpha,
            options.EvaluationSteps,
            BestModelBy = options.BestModelBy.ToString(),
            options.EarlyStoppingPatience,
        }, Json),
        RunFingerprint.Digest(train),
        RunFingerprint.Digest(validation));

    /// <summary>In words, what another search has otherwise; empty when nothing.</summary>
    public IEnumerable<string> Differences(SearchFingerprint other)
    {
        if (Backbone != other.Backbone)
            yield return $"the backbone (there {other.Backbone}, here {Backbone})";
        if (Recipe != other.Recipe)
            yield return $"the options (there {other.Recipe}, here {Recipe})";
        if (TrainingRows != other.TrainingRows)
            yield return "the training rows";
        if (ValidationRows != other.ValidationRows)
            yield return "the validation rows";
    }
}
