using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SentimentML.Tool.Machine;

namespace SentimentML.Tool.Evaluation;

/// <summary>How a report was made, so that another can be made the same way: files by name and digest, options, versions.</summary>
internal static class MadeFrom
{
    private static readonly string[] Versions = ["sentimentml", "dotnet", "mlnet", "torchsharp", "libtorch", "system", "device"];

    public static JsonObject Collect(IEnumerable<(string Role, string Path)> files, JsonObject options, ModelRecord record, TorchDevice device)
    {
        JsonObject machine = MachineFacts.Collect(device);
        var made = new JsonObject
        {
            ["files"] = new JsonObject(files.Select(file => KeyValuePair.Create(file.Role, (JsonNode?)new JsonObject
            {
                ["name"] = Path.GetFileName(file.Path),
                ["bytes"] = new FileInfo(file.Path).Length,
                ["sha256"] = Digest(file.Path),
            }))),
            ["options"] = options,
            ["versions"] = new JsonObject(Versions.Where(machine.ContainsKey).Select(name => KeyValuePair.Create(name, machine[name]?.DeepClone()))),
        };
        JsonNode model = JsonNode.Parse(record.ToJson())!;
        foreach (string key in (string[])["backbone", "training"])
            if (model[key] is { } known)
                made[key] = known.DeepClone();
        return made;
    }

    private static string Digest(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
