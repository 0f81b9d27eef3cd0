using System.Text.Json;
using SentimentML.Files;

namespace SentimentML.Backbones;

/// <summary>
/// The files in which sentence-transformers says of a model's vectors how they are made (SentenceTransformer's modules.json, 1_Pooling/config.json,
/// sentence_bert_config.json and config_sentence_transformers.json).
/// </summary>
internal static class SentenceFiles
{
    /// <summary>The file that only a model of sentence-transformers has.</summary>
    public const string Modules = "modules.json";

    public const string Settings = "config_sentence_transformers.json";

    /// <summary>The kind of the module that has a folder with <see cref="PoolingConfig"/>.</summary>
    public const string PoolingKind = "Pooling";

    public const string PoolingConfig = "config.json";

    /// <summary>The first that is there says what the network reads.</summary>
    public static readonly IReadOnlyList<string> Inputs =
        [.. new[] { "bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet" }.Select(kind => $"sentence_{kind}_config.json")];

    /// <summary>Those beside modules.json, by what it names; not every model has all of them.</summary>
    /// <exception cref="ModelFileException">modules.json is damaged.</exception>
    public static IEnumerable<string> BesideModules(ModelFiles files) =>
    [
        Settings, .. Inputs,
        .. ModulesIn(files).Where(module => module.Type == PoolingKind && IsInside(module.Folder)).Select(module => $"{module.Folder}/{PoolingConfig}"),
    ];

    /// <summary>What a text goes through, in order: kinds, and the folders of their settings.</summary>
    /// <exception cref="ModelFileException">modules.json is damaged.</exception>
    public static IEnumerable<(string Type, string Folder)> ModulesIn(ModelFiles files) =>
        Parse(files, Modules, JsonValueKind.Array).EnumerateArray()
            .Select(module => ((Text(module, "type") ?? "").Split('.')[^1], Text(module, "path") ?? ""));

    /// <summary>Whether a name from outside is that of a folder beside the file.</summary>
    public static bool IsInside(string folder) =>
        folder.Length > 0 && folder is not ("." or "..") && folder.IndexOfAny(['/', '\\', ':', '\0']) < 0;

    /// <exception cref="ModelFileException">The file is damaged.</exception>
    public static JsonElement Parse(ModelFiles files, string name, JsonValueKind kind)
    {
        try
        {
            var root = JsonElement.Parse(files.ReadJson(name));
            return root.ValueKind == kind ? root : throw new JsonException($"it holds a JSON {root.ValueKind}, expected a JSON {kind}.");
        }
        catch (JsonException e)
        {
            throw new ModelFileException($"{files.Location}/{name} is damaged: {e.Message} Download it again.", e);
        }
    }

    public static string? Text(JsonElement element, string key) =>
        Part(element, key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A part of an object; undefined where it is not there.</summary>
    public static JsonElement Part(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement part) ? part : default;
}
