using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SentimentML.Reviews;
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
            ["files"] = new JsonObject(files.Select(file => KeyValuePair.Create(file.Role, (JsonNode?)Describe(file.Path)))),
            ["options"] = options,
            ["versions"] = new JsonObject(Versions.Where(machine.ContainsKey).Select(name => KeyValuePair.Create(name, machine[name]?.DeepClone()))),
        };
        JsonNode model = JsonNode.Parse(record.ToJson())!;
        foreach (string key in (string[])["backbone", "training"])
            if (model[key] is { } known)
                made[key] = known.DeepClone();
        return made;
    }

    private static JsonObject Describe(string path)
    {
        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        if (Directory.Exists(path))
        {
            foreach ((string text, _) in TextFolder.Find(path)!.Files)
            {
                digest.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(path, text))); // its folder is the label
                bytes += Append(text, digest);
            }
        }
        else
        {
            bytes = Append(path, digest);
        }
        return new JsonObject
        {
            ["name"] = Path.GetFileName(path),
            ["bytes"] = bytes,
            ["sha256"] = Convert.ToHexStringLower(digest.GetHashAndReset()),
        };
    }

    /// <summary>Adds a file to the digest, and gives its length.</summary>
    private static long Append(string path, IncrementalHash digest)
    {
        using FileStream file = File.OpenRead(path);
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        for (int count; (count = file.Read(buffer)) > 0; bytes += count)
            digest.AppendData(buffer, 0, count);
        return bytes;
    }
}
