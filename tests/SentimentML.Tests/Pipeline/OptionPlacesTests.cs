namespace SentimentML.Tests.Pipeline;

/// <summary>
/// Where an option of the trainer goes. One that changes the trained weights is in the recipe, which the run's fingerprint, the
/// folder of results and the saved model's record are written from; every other stands here with its reason.
/// </summary>
public sealed class OptionPlacesTests
{
    private static readonly Dictionary<string, string> OutsideTheRecipe = new(StringComparer.Ordinal)
    {
        [nameof(SentimentClassificationOptions.TextColumnName)] = "where the texts are; the fingerprint has a digest of the rows",
        [nameof(SentimentClassificationOptions.TextPairColumnName)] = "where the second texts are; the digest of the rows has them",
        [nameof(SentimentClassificationOptions.LabelColumnName)] = "where the labels are; the digest of the rows has them",
        [nameof(SentimentClassificationOptions.ExampleWeightColumnName)] = "where the weights are; the digest of the rows has them",
        [nameof(SentimentClassificationOptions.ScoreColumnName)] = "the name of an output",
        [nameof(SentimentClassificationOptions.PredictedLabelColumnName)] = "the name of an output",
        [nameof(SentimentClassificationOptions.Backbone)] = "the fingerprint has a digest of its weights, the record its name",
        [nameof(SentimentClassificationOptions.Preprocessing)] = "the digest of the rows has what it makes of them; in the model's record",
        [nameof(SentimentClassificationOptions.ValidationSet)] = "the fingerprint has a digest of its rows",
        [nameof(SentimentClassificationOptions.Device)] =
            "a run may be resumed on another device; the choices made for it (precision, batches by length) are in the recipe",
        [nameof(SentimentClassificationOptions.InferencePrecision)] = "how the trained model answers; in its record",
        [nameof(SentimentClassificationOptions.CalibratedScores)] = "how the trained model answers; in its record",
        [nameof(SentimentClassificationOptions.CheckpointFolder)] = "a resumed run ends with the weights of one that was never stopped",
        [nameof(SentimentClassificationOptions.CheckpointSteps)] = "the same",
        [nameof(SentimentClassificationOptions.CheckpointInterval)] = "the same",
        [nameof(SentimentClassificationOptions.MaxCheckpoints)] = "the same",
        [nameof(SentimentClassificationOptions.Resume)] = "the same",
        [nameof(SentimentClassificationOptions.GradientCheckpointing)] = "the same weights",
        [nameof(SentimentClassificationOptions.HalveBatchWhenOutOfMemory)] = "the steps stay the same",
        [nameof(SentimentClassificationOptions.Progress)] = "only watches",
        [nameof(SentimentClassificationOptions.CancellationToken)] = "ends a run and does not change its steps",
        [nameof(SentimentClassificationOptions.OnCancellation)] = "what is left of a run that was ended",
    };

    [Fact]
    public void An_option_is_in_the_recipe_under_its_own_name_or_outside_for_a_reason()
    {
        IEnumerable<string> options = typeof(SentimentClassificationOptions).GetProperties().Select(p => p.Name);
        // the data's
        IEnumerable<string> recipe = typeof(TrainingRecipe).GetProperties().Select(p => p.Name).Where(name => name != nameof(TrainingRecipe.Rows));
        Assert.Equal(options.Order(StringComparer.Ordinal), recipe.Concat(OutsideTheRecipe.Keys).Order(StringComparer.Ordinal));
    }
}
