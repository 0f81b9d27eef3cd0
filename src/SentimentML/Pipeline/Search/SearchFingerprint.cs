using System.Text.Json;
using SentimentML.Training;

namespace SentimentML.Pipeline.Search;

/// <summary>What a trial's outcome depends on beside the trial itself, so that a table is resumed only by the search that wrote it.</summary>
/// <param name="Backbone">The backbone's name.</param>
/// <param name="Seed">The search's seed.</param>
/// <param name="Recipe">The recipe of a trial as JSON, with 1 for what is searched for.</param>
/// <param name="TrainingRows">SHA-256 of the training rows' texts, labels and weights.</param>
/// <param name="ValidationRows">The same of the validation rows.</param>
internal sealed record SearchFingerprint(string Backbone, int Seed, string Recipe, string TrainingRows, string ValidationRows)
{
    public static SearchFingerprint Of(string backbone, int seed, TrainingRecipe recipe, IReadOnlyList<Example> train, IReadOnlyList<Example> validation) =>
        new(backbone, seed, JsonSerializer.Serialize(recipe, TrainingJson.Default.TrainingRecipe), RunFingerprint.Digest(train), RunFingerprint.Digest(validation));

    /// <summary>In words, what differs in another search; empty if nothing does.</summary>
    public IEnumerable<string> Differences(SearchFingerprint other)
    {
        if (Backbone != other.Backbone)
            yield return $"the backbone (there {other.Backbone}, here {Backbone})";
        if (Seed != other.Seed)
            yield return $"the search's seed (there {other.Seed}, here {Seed})";
        if (Recipe != other.Recipe)
            yield return $"the options (there {other.Recipe}, here {Recipe})";
        if (TrainingRows != other.TrainingRows)
            yield return "the training rows";
        if (ValidationRows != other.ValidationRows)
            yield return "the validation rows";
    }
}
