using System.Text.Json;
using SentimentML.Files;

namespace SentimentML;

/// <summary>
/// What a folder that sentence-transformers saved says of its vectors (SentenceTransformer's modules.json, 1_Pooling/config.json,
/// sentence_bert_config.json and config_sentence_transformers.json).
/// </summary>
/// <param name="Pooling">How the tokens' vectors become one; null if it does not say.</param>
/// <param name="MaxTokens">The tokens that a text is cut to; null if it does not say.</param>
internal sealed record SentenceModules(TextPooling? Pooling, int? MaxTokens)
{
    /// <summary>The file that only a model of sentence-transformers has.</summary>
    public const string Modules = "modules.json";

    private const string Settings = "config_sentence_transformers.json", Pools = "Pooling", PoolingMode = "pooling_mode_", PoolingConfig = "config.json";

    /// <summary>The first that is there says what the network reads.</summary>
    private static readonly string[] Inputs =
        [.. new[] { "bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet" }.Select(kind => $"sentence_{kind}_config.json")];

    /// <summary>Whether vectors are divided by their lengths.</summary>
    public bool Normalize { get; private init; }

    /// <summary>Whether texts are lowercased, with what stands in front of them.</summary>
    public bool Lowercase { get; private init; }

    /// <summary>What stands in front of each text; empty for nothing.</summary>
    public string Prefix { get; private init; } = "";

    /// <param name="files">The folder's files.</param>
    /// <param name="prefix">What is to stand in front of each text; null for what the folder says.</param>
    /// <exception cref="ModelFileException">The vectors go through a module that is not known, are pooled in an unknown way, or a file is damaged.</exception>
    public static SentenceModules Read(ModelFiles files, string? prefix)
    {
        if (!files.Contains(Modules))
            return new SentenceModules(null, null) { Prefix = prefix ?? "" };
        TextPooling? pooling = null;
        bool normalize = false, poolsPrefix = true;
        foreach ((string type, string folder) in ModulesOf(files))
        {
            if (type == Pools)
                (pooling, poolsPrefix) = PoolingOf(files, folder);
            else if (type == "Normalize")
                normalize = true;
            else if (type != "Transformer")
                throw new ModelFileException($"{files.Location}: its vectors go through a module {Quoted.Name(type)} ({Modules}), which is not supported; "
                    + "expected Transformer, Pooling and Normalize alone. Take another model.");
        }
        prefix ??= PrefixOf(files);
        if (prefix.Length > 0 && !poolsPrefix)
            throw new ModelFileException($"{files.Location} pools the tokens of a text without those of {Quoted.Name(prefix)} in front of it (include_prompt), "
                + "which is not supported. Set the prefix to an empty text, or take another model.");
        JsonElement input = Inputs.FirstOrDefault(files.Contains) is { } name ? Parsed(files, name, JsonValueKind.Object) : default;
        int? maxTokens = Part(input, "max_seq_length") is { ValueKind: JsonValueKind.Number } length && length.TryGetInt32(out int most) && most >= 3
            ? most : null;
        return new SentenceModules(pooling, maxTokens)
        {
            Normalize = normalize,
            Lowercase = Part(input, "do_lower_case").ValueKind == JsonValueKind.True,
            Prefix = prefix,
        };
    }

    /// <summary>The files that say it, by what modules.json names; not every model has all of them.</summary>
    /// <exception cref="ModelFileException">modules.json is damaged.</exception>
    public static IEnumerable<string> NamesOfSettings(ModelFiles files) =>
    [
        Settings, .. Inputs,
        .. ModulesOf(files).Where(module => module.Type == Pools && IsInside(module.Folder)).Select(module => $"{module.Folder}/{PoolingConfig}"),
    ];

    private static IEnumerable<(string Type, string Folder)> ModulesOf(ModelFiles files) =>
        Parsed(files, Modules, JsonValueKind.Array).EnumerateArray()
            .Select(module => ((Text(module, "type") ?? "").Split('.')[^1], Text(module, "path") ?? ""));

    /// <summary>The prompt that is taken where a program names none.</summary>
    private static string PrefixOf(ModelFiles files)
    {
        if (!files.Contains(Settings))
            return "";
        JsonElement settings = Parsed(files, Settings, JsonValueKind.Object);
        if (Text(settings, "default_prompt_name") is not { } name)
            return "";
        return Text(Part(settings, "prompts"), name) ?? throw new ModelFileException($"{files.Location}/{Settings} has the default_prompt_name "
            + $"{Quoted.Name(name)}, expected the name of one of its prompts. Download the file again.");
    }

    private static (TextPooling Pooling, bool PoolsPrefix) PoolingOf(ModelFiles files, string folder)
    {
        bool isInside = IsInside(folder);
        var pooling = ModelFiles.InFolder(Path.Combine(files.Location, isInside ? folder : ""));
        if (!isInside || !pooling.Contains(PoolingConfig))
            throw new ModelFileException(
                $"{files.Location}: {Modules} names {Quoted.Name($"{folder}/{PoolingConfig}")}, which is not in the folder. Download the model again.");
        JsonElement said = Parsed(pooling, PoolingConfig, JsonValueKind.Object);
        bool poolsPrefix = Part(said, "include_prompt").ValueKind != JsonValueKind.False;
        string[] modes = [.. said.EnumerateObject()
            .Where(property => property.Name.StartsWith(PoolingMode, StringComparison.Ordinal) && property.Value.ValueKind == JsonValueKind.True)
            .Select(property => property.Name[PoolingMode.Length..])];
        return modes switch
        {
            ["mean_tokens"] => (TextPooling.Mean, poolsPrefix),
            ["cls_token"] => (TextPooling.First, poolsPrefix),
            _ => throw new ModelFileException($"{pooling.Location}/{PoolingConfig} pools by {(modes.Length == 0 ? "nothing known" : string.Join(" and ", modes))}, "
                + "expected mean_tokens or cls_token alone. Take another model."),
        };
    }

    /// <summary>Whether a name from outside is that of a folder beside the file.</summary>
    private static bool IsInside(string folder) => folder.Length > 0 && folder is not ("." or "..") && folder.IndexOfAny(['/', '\\', ':', '\0']) < 0;

    private static JsonElement Parsed(ModelFiles files, string name, JsonValueKind kind)
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

    private static string? Text(JsonElement element, string key) =>
        Part(element, key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A part of an object; undefined where it is not there.</summary>
    private static JsonElement Part(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement part) ? part : default;
}
