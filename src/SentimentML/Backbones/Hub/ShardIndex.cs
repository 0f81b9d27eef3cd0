using System.Text.Json;
using System.Text.RegularExpressions;

namespace SentimentML.Backbones.Hub;

/// <summary>Which files a checkpoint in shards consists of. The names come from outside and become names in the cache.</summary>
internal static partial class ShardIndex
{
    private const int MaximumBytes = 32 << 20;
    private const int MaximumShards = 10_000;

    /// <summary>The distinct file names of an index ("model.safetensors.index.json"), in order.</summary>
    /// <exception cref="SentimentMLException">The index is no index, or names something other than a shard beside it.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        string extension = path.Contains(".safetensors", StringComparison.Ordinal) ? ".safetensors" : ".bin";
        using FileStream file = File.OpenRead(path);
        if (file.Length > MaximumBytes)
            throw new SentimentMLException($"{path} has {file.Length} bytes; an index of shards has at most {MaximumBytes}.");
        try
        {
            using JsonDocument index = JsonDocument.Parse(file, new JsonDocumentOptions { MaxDepth = 16 });
            if (index.RootElement.ValueKind != JsonValueKind.Object
                || !index.RootElement.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
                throw new SentimentMLException($"{path} has no \"weight_map\" that says which file holds which tensor.");
            return ShardsOf(map, extension, path);
        }
        catch (JsonException e)
        {
            throw new SentimentMLException($"{path} is not JSON: {e.Message}", e);
        }
    }

    private static List<string> ShardsOf(JsonElement map, string extension, string path)
    {
        var shards = new SortedSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty tensor in map.EnumerateObject())
        {
            string? name = tensor.Value.ValueKind == JsonValueKind.String ? tensor.Value.GetString() : null;
            if (name is null || !NamePattern().IsMatch(name) || !name.EndsWith(extension, StringComparison.Ordinal))
                throw new SentimentMLException($"{path}: '{Shown(name ?? tensor.Value.ToString())}' cannot be a shard. Expected the name of a {extension} file beside the index, without a folder.");
            shards.Add(name);
            if (shards.Count > MaximumShards)
                throw new SentimentMLException($"{path} names more than {MaximumShards} shards.");
        }
        if (shards.Count == 0)
            throw new SentimentMLException($"{path} names no shard: its \"weight_map\" is empty.");
        return [.. shards];
    }

    private static string Shown(string name) => string.Concat(name.Where(c => !char.IsControl(c)).Take(100));

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.\-]{0,199}\z")]
    private static partial Regex NamePattern();
}
