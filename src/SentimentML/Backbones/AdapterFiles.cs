using System.Text.Json;
using SentimentML.Backbones.Hub;
using SentimentML.Files;

namespace SentimentML.Backbones;

/// <summary>An adapter that lies alone, as peft saves it, and the model that it changes.</summary>
internal static class AdapterFiles
{
    public const string Config = "adapter_config.json";

    /// <summary>The model that an adapter changes, as its configuration names it: a folder or a hub id; null if it names none.</summary>
    /// <exception cref="ModelFileException">The configuration is damaged.</exception>
    public static string? BaseOf(ModelFiles files)
    {
        try
        {
            using JsonDocument config = JsonDocument.Parse(files.ReadText(Config));
            return config.RootElement.TryGetProperty("base_model_name_or_path", out JsonElement name) && name.ValueKind == JsonValueKind.String
                && name.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // not JSON, or not an object
        {
            throw new ModelFileException($"{files.Location}/{Config} is damaged: {e.Message} Download it again.", e);
        }
    }

    /// <summary>An adapter that lies alone over the model that its configuration names: a folder, or a model of the hub. Other files as they are.</summary>
    /// <param name="files">A model's files.</param>
    /// <param name="report">Receives the progress of a download in words.</param>
    /// <param name="cancellationToken">Stops a download.</param>
    public static ModelFiles OverBase(ModelFiles files, Action<string>? report, CancellationToken cancellationToken)
    {
        if (files.Contains(BackboneFiles.Config) || !files.Contains(Config) || BaseOf(files) is not { } name)
            return files;
        if (Directory.Exists(name))
            return ModelFiles.Over(files, ModelFiles.InFolder(name));
        return HubReference.TryParse(name) is { } hub
            ? ModelFiles.Over(files, Backbone.FromHub(hub.Id, hub.Revision).Open(report, cancellationToken)) : files;
    }
}
