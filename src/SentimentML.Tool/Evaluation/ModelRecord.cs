using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Backbones;
using SentimentML.Evaluation;
using SentimentML.Files;
using SentimentML.Persistence;

namespace SentimentML.Tool.Evaluation;

/// <summary>What a model says of how it was made (sentimentml.json), read without loading the model.</summary>
internal sealed class ModelRecord(JsonObject card)
{
    private const long MostBytes = 64 << 20;

    public JsonObject Card => card;

    /// <summary>The temperature saved with the model; null where there is none.</summary>
    public Calibration? Calibration => SavedTemperature.Read(card);

    /// <summary>The validation set's figures during the training.</summary>
    public IReadOnlyList<TrainingEvaluation> Evaluations => card["evaluations"] is JsonArray evaluations
        ? [.. evaluations.OfType<JsonObject>().Select(e => new TrainingEvaluation(Number(e, "epoch"), (int)Number(e, "step"), Number(e, "accuracy"), Number(e, "macro_f1"), Number(e, "loss")))]
        : [];

    /// <summary>Reads a model folder's record, or that inside an ML.NET zip; empty where there is none.</summary>
    public static ModelRecord Read(string path)
    {
        if (Directory.Exists(path))
            return new ModelRecord(ModelParts.ReadCard(ModelFiles.InFolder(path)));
        using ZipArchive zip = ZipFile.OpenRead(path);
        ZipArchiveEntry? entry = zip.Entries.FirstOrDefault(entry => entry.FullName.Split('/', '\\')[^1] == ModelParts.Card);
        if (entry is null || entry.Length > MostBytes)
            return new ModelRecord([]);
        using Stream stream = entry.Open();
        try
        {
            return new ModelRecord(JsonNode.Parse(stream) as JsonObject ?? []);
        }
        catch (JsonException e)
        {
            throw new SentimentMLException($"{path}: {ModelParts.Card} in it is damaged: {e.Message}", e);
        }
    }

    private static double Number(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out double number) ? number : double.NaN;
}
