using System.Text.Json;
using SentimentML.Files;
using static SentimentML.Backbones.SentenceFiles;

namespace SentimentML;

/// <summary>
/// What a folder that sentence-transformers saved says of its vectors (SentenceTransformer's modules.json, 1_Pooling/config.json,
/// sentence_bert_config.json and config_sentence_transformers.json).
/// </summary>
/// <param name="Pooling">How the tokens' vectors become one; null if it does not say.</param>
/// <param name="MaxTokens">The tokens that a text is cut to; null if it does not say.</param>
internal sealed record SentenceModules(TextPooling? Pooling, int? MaxTokens)
{
    private const string PoolingMode = "pooling_mode_";

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
        foreach ((string type, string folder) in ModulesIn(files))
        {
            if (type == PoolingKind)
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
        JsonElement input = Inputs.FirstOrDefault(files.Contains) is { } name ? Parse(files, name, JsonValueKind.Object) : default;
        int? maxTokens = Part(input, "max_seq_length") is { ValueKind: JsonValueKind.Number } length && length.TryGetInt32(out int most) && most >= 3
            ? most : null;
        return new SentenceModules(pooling, maxTokens)
        {
            Normalize = normalize,
            Lowercase = Part(input, "do_lower_case").ValueKind == JsonValueKind.True,
            Prefix = prefix,
        };
    }

    /// <summary>The prompt that is taken where a program names none.</summary>
    private static string PrefixOf(ModelFiles files)
    {
        if (!files.Contains(Settings))
            return "";
        JsonElement settings = Parse(files, Settings, JsonValueKind.Object);
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
        JsonElement said = Parse(pooling, PoolingConfig, JsonValueKind.Object);
        bool poolsPrefix = Part(said, "include_prompt").ValueKind != JsonValueKind.False;
        string[] modes = [.. said.EnumerateObject()
            .Where(property => property.Name.StartsWith(PoolingMode, StringComparison.Ordinal) && property.Value.ValueKind == JsonValueKind.True)
            .Select(property => property.Name[PoolingMode.Length..])];
        return modes switch
        {
            ["mean_tokens"] => (TextPooling.Mean, poolsPrefix),
            ["cls_token"] => (TextPooling.First, poolsPrefix),
            _ => throw new ModelFileException(
                $"{pooling.Location}/{PoolingConfig} pools by {(modes.Length == 0 ? "nothing known" : string.Join(" and ", modes))}, "
                + "expected mean_tokens or cls_token alone. Take another model."),
        };
    }
}
