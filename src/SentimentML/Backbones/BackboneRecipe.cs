using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Files;

namespace SentimentML.Backbones;

/// <summary>
/// What a backbone says suits it in fine-tuning (sentimentml.json, key "fine_tuning"): a small network wants larger steps
/// than the reference notebook's. One that says nothing gets the notebook's recipe.
/// </summary>
internal sealed record BackboneRecipe(double LearningRate = 2e-5, int Epochs = 2, double WarmupRatio = 0)
{
    public const string FileName = "sentimentml.json";

    public static BackboneRecipe Read(ModelFiles files)
    {
        var notebook = new BackboneRecipe();
        if (!files.Contains(FileName))
            return notebook;
        try
        {
            if (JsonNode.Parse(files.ReadText(FileName))?["fine_tuning"] is not JsonObject json)
                return notebook;
            var recipe = new BackboneRecipe(
                json["learning_rate"]?.GetValue<double>() ?? notebook.LearningRate,
                json["epochs"]?.GetValue<int>() ?? notebook.Epochs,
                json["warmup_ratio"]?.GetValue<double>() ?? notebook.WarmupRatio);
            return recipe is { LearningRate: > 0 and < 1, Epochs: >= 1, WarmupRatio: >= 0 and <= 1 } ? recipe
                : throw new FormatException($"fine_tuning says {recipe}, expected a learning_rate between 0 and 1, epochs of 1 or more and a warmup_ratio from 0 to 1.");
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new SentimentMLException($"{files.Location}/{FileName} cannot be used: {e.Message}", e);
        }
    }
}
