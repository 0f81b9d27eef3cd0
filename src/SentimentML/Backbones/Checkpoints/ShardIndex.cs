using System.Text.Json;
using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>The index of a checkpoint in shards: which file holds which tensor.</summary>
internal sealed class ShardIndex
{
    private const int MaxShards = 1024;

    /// <summary>An index is short beside its shards, and its names in memory are longer than in the file.</summary>
    private const long Allowance = 4 << 20;

    private ShardIndex(Dictionary<string, string> fileOf, List<string> shards) => (FileOf, Shards) = (fileOf, shards);

    public IReadOnlyDictionary<string, string> FileOf { get; }

    /// <summary>The files' names, each once, in the order of their names.</summary>
    public IReadOnlyList<string> Shards { get; }

    /// <summary>Reads the index of a folder whose shards are there.</summary>
    /// <exception cref="ModelFileException">The index is damaged, or names a file that is not in the folder.</exception>
    public static ShardIndex Read(ModelFiles files, string name)
    {
        using MappedFile file = files.Map(name);
        ShardIndex index = Read(file);
        RefuseMissing(files, file.Path, index.Shards);
        return index;
    }

    /// <summary>Reads what an index says; whether its files are there, and are files of a model, is another question.</summary>
    /// <exception cref="ModelFileException">The index is damaged.</exception>
    public static ShardIndex Read(MappedFile file)
    {
        var budget = new MemoryBudget(file.Path, Allowance + file.Length);
        Dictionary<string, string>? fileOf = null;
        HeaderJson.Read(file.Path, file.Span(0, file.Length), (ref Utf8JsonReader json) =>
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (HeaderJson.NextProperty(ref json, seen, file.Path, budget) is { } key)
            {
                if (key == "weight_map")
                    fileOf = ReadWeightMap(ref json, file.Path, budget);
                else
                    json.Skip();
            }
        });
        if (fileOf is null)
            throw new ModelFileException($"{file.Path} has no \"weight_map\": it is not an index of shards. Download it again.");

        List<string> shards = [.. fileOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new ShardIndex(fileOf, shards);
    }

    private static Dictionary<string, string> ReadWeightMap(ref Utf8JsonReader json, string path, MemoryBudget budget)
    {
        HeaderJson.Expect(ref json, JsonTokenType.StartObject, path, "\"weight_map\"");
        var fileOf = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string last = "";
        while (HeaderJson.NextProperty(ref json, seen, path, budget) is { } tensor)
        {
            HeaderJson.Expect(ref json, JsonTokenType.String, path, "the file", tensor);
            if (!json.ValueTextEquals(last)) // neighbours share a file's name: one string for them
                last = Plain(HeaderJson.Name(ref json, path));
            budget.Spend(MemoryBudget.Item);
            fileOf.Add(tensor, last);
        }
        return fileOf;
    }

    /// <summary>A path without steps that stay where they are, as in "./model.safetensors".</summary>
    private static string Plain(string path) =>
        path.Contains('/', StringComparison.Ordinal) ? string.Join('/', path.Split('/').Where(step => step != ".")) : path;

    private static void RefuseMissing(ModelFiles files, string path, IReadOnlyList<string> shards)
    {
        if (shards.Count > MaxShards)
            throw new ModelFileException($"{path} names {shards.Count} shards; more than {MaxShards} are refused.");
        List<string> missing = [.. shards.Where(shard => !files.Contains(shard))];
        if (missing.Count > 0)
            throw new ModelFileException($"{path} names {shards.Count} shards, and {missing.Count} are not in the folder: "
                + $"{string.Join(", ", missing.Take(5).Select(Quoted.Name))}. Download them.");
        if (shards.FirstOrDefault(shard => shard.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) is { } wrong)
            throw new ModelFileException($"{path} names {Quoted.Name(wrong)} as a shard: a shard is a .safetensors or .bin file.");
    }
}
