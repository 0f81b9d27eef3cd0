using System.Text.RegularExpressions;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;

namespace SentimentML.Backbones.Hub;

/// <summary>Which files a checkpoint in shards consists of. The names come from outside and become names in the cache.</summary>
internal static partial class ShardNames
{
    /// <summary>The distinct file names of an index ("model.safetensors.index.json"), in order.</summary>
    /// <exception cref="ModelFileException">The index is no index, or names something other than a shard beside it.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        string extension = path.Contains(".safetensors", StringComparison.Ordinal) ? ".safetensors" : ".bin";
        using MappedFile file = MappedFile.Open(path);
        IReadOnlyList<string> shards = ShardIndex.Read(file).Shards;
        if (shards.FirstOrDefault(name => !NamePattern().IsMatch(name) || !name.EndsWith(extension, StringComparison.Ordinal)) is { } wrong)
            throw new ModelFileException(
                $"{path}: {Quoted.Name(wrong)} cannot be a shard. Expected the name of a {extension} file beside the index, or in a folder there.");
        return shards.Count > 0 ? shards : throw new ModelFileException($"{path} names no shard: its \"weight_map\" is empty.");
    }

    [GeneratedRegex(@"\A([A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}/){0,3}[A-Za-z0-9_][A-Za-z0-9_.\-]{0,199}\z")]
    private static partial Regex NamePattern();
}
