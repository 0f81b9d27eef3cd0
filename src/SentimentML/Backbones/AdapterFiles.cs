using System.Text.Json;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Backbones.Hub;
using SentimentML.Files;

namespace SentimentML.Backbones;

/// <summary>An adapter that lies alone, as peft saves it, and the model that it changes.</summary>
internal static class AdapterFiles
{
    public const string Config = "adapter_config.json";

    /// <summary>The model that an adapter changes, as its configuration names it: a folder, an embedded backbone or a hub id; null if it names none.</summary>
    /// <exception cref="ModelFileException">The configuration is damaged.</exception>
    public static string? BaseOf(ModelFiles files) => Text(files, "base_model_name_or_path");

    private static string? Text(ModelFiles files, string key)
    {
        try
        {
            using JsonDocument config = JsonDocument.Parse(files.ReadJson(Config));
            return config.RootElement.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
                && value.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // not JSON, or not an object
        {
            throw new ModelFileException($"{files.Location}/{Config} is damaged: {e.Message} Download it again.", e);
        }
    }

    /// <summary>
    /// An adapter without weights beside it over the model that its configuration names: a folder, an embedded backbone, or a model of the hub. Other files as
    /// they are.
    /// </summary>
    /// <param name="files">A model's files.</param>
    /// <param name="report">Receives the progress of a download in words.</param>
    /// <param name="cancellationToken">Stops a download.</param>
    /// <exception cref="HubException">The hub did not give the model, or has none of the name.</exception>
    /// <exception cref="ModelFileException">The model comes in a package that is not here.</exception>
    public static ModelFiles OverBase(ModelFiles files, Action<string>? report, CancellationToken cancellationToken)
    {
        if (!IsAlone(files) || BaseOf(files) is not { } name)
            return files;
        if (FolderOf(files, name) is { } folder)
            return ModelFiles.Over(files, ModelFiles.InFolder(folder));
        if (EmbeddedBackbones.IsName(name))
        {
            Backbone embedded = EmbeddedBackbones.Find(name) ?? throw new ModelFileException($"{files.Location} is an adapter of {Quoted.Name(name)}, which "
                + $"comes in the package of that name. Add it to the program: dotnet add package {name}");
            return ModelFiles.Over(files, embedded.Open(report, cancellationToken));
        }
        if (HubBaseOf(files) is not { } hub)
            return files;
        try
        {
            // The model's own files: an adapter that names an adapter, or itself, is none that peft writes.
            return ModelFiles.Over(files, new HubBackbone(hub.Id, hub.Revision).OpenAlone(report, cancellationToken));
        }
        catch (HubException e) // the user did not name this model: say where the name comes from
        {
            string whose = $"{files.Location} is an adapter of {Quoted.Name(name)}, which is not a folder here, so it was looked up on the hub. If it is a "
                + "folder on another machine, copy the adapter's files into a copy of it, and open that.";
            throw new HubException(e.Failure, $"{whose} {e.Message}", e) { RetryAfter = e.RetryAfter };
        }
    }

    /// <summary>The base model of an adapter without weights beside it, if that is a model on the hub; null otherwise.</summary>
    public static HubReference? HubBaseOf(ModelFiles files) =>
        IsAlone(files) && BaseOf(files) is { } name && FolderOf(files, name) is null && !EmbeddedBackbones.IsName(name)
            ? HubReference.TryParseId(name, Text(files, "revision")) : null;

    /// <summary>The folder of a name: a path from the working directory, as peft reads it, or from the adapter's folder; null if there is none.</summary>
    private static string? FolderOf(ModelFiles files, string name) =>
        new[] { name, Path.Combine(files.Location, name) }.FirstOrDefault(Directory.Exists);

    /// <summary>Whether there is an adapter without weights beside it.</summary>
    private static bool IsAlone(ModelFiles files) => files.Contains(Config) && !Checkpoint.IsIn(files);
}
