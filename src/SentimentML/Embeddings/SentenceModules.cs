using System.Text.Json;
using SentimentML.Files;

namespace SentimentML;

/// <summary>
/// What a folder that sentence-transformers saved says of its vectors (SentenceTransformer's modules.json, 1_Pooling/config.json and
/// sentence_bert_config.json).
/// </summary>
/// <param name="Pooling">How the tokens' vectors become one; null if it does not say.</param>
/// <param name="MaxTokens">The tokens that a text is cut to; null if it does not say.</param>
internal sealed record SentenceModules(TextPooling? Pooling, int? MaxTokens)
{
    private const string Modules = "modules.json", Limits = "sentence_bert_config.json", PoolingMode = "pooling_mode_";

    /// <exception cref="ModelFileException">The vectors go through a module that is not known, are pooled in an unknown way, or a file is damaged.</exception>
    public static SentenceModules Read(ModelFiles files)
    {
        if (!files.Contains(Modules))
            return new SentenceModules(null, null);
        TextPooling? pooling = null;
        foreach (JsonElement module in Parsed(files, Modules, JsonValueKind.Array).EnumerateArray())
        {
            string type = (Text(module, "type") ?? "").Split('.')[^1];
            if (type == "Pooling")
                pooling = PoolingOf(files, Text(module, "path") ?? "");
            else if (type is not ("Transformer" or "Normalize"))
                throw new ModelFileException($"{files.Location}: its vectors go through a module {Quoted.Name(type)} ({Modules}), which is not supported; "
                    + "expected Transformer, Pooling and Normalize alone. Take another model.");
        }
        int? maxTokens = files.Contains(Limits) && Parsed(files, Limits, JsonValueKind.Object).TryGetProperty("max_seq_length", out JsonElement length)
            && length.ValueKind == JsonValueKind.Number && length.TryGetInt32(out int most) && most >= 3 ? most : null;
        return new SentenceModules(pooling, maxTokens);
    }

    private static TextPooling PoolingOf(ModelFiles files, string folder)
    {
        const string config = "config.json";
        bool isInside = folder.Length > 0 && folder is not ("." or "..") && folder.IndexOfAny(['/', '\\', ':', '\0']) < 0;
        var pooling = ModelFiles.InFolder(Path.Combine(files.Location, isInside ? folder : ""));
        if (!isInside || !pooling.Contains(config))
            throw new ModelFileException(
                $"{files.Location}: {Modules} names {Quoted.Name($"{folder}/{config}")}, which is not in the folder. Download the model again.");
        string[] modes = [.. Parsed(pooling, config, JsonValueKind.Object).EnumerateObject()
            .Where(property => property.Name.StartsWith(PoolingMode, StringComparison.Ordinal) && property.Value.ValueKind == JsonValueKind.True)
            .Select(property => property.Name[PoolingMode.Length..])];
        return modes switch
        {
            ["mean_tokens"] => TextPooling.Mean,
            ["cls_token"] => TextPooling.First,
            _ => throw new ModelFileException($"{pooling.Location}/{config} pools by {(modes.Length == 0 ? "nothing known" : string.Join(" and ", modes))}, "
                + "expected mean_tokens or cls_token alone. Take another model."),
        };
    }

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

    private static string? Text(JsonElement module, string key) =>
        module.ValueKind == JsonValueKind.Object && module.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
