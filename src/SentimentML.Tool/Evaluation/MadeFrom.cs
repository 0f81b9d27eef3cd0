using System.Text;
using System.Text.Json.Nodes;
using SentimentML.Files;
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
        bool isFolder = Directory.Exists(path);
        string[] files = isFolder ? [.. FolderContent.Of(path).All] : [path];
        return new JsonObject
        {
            ["name"] = Path.GetFileName(path),
            ["bytes"] = files.Sum(file => new FileInfo(file).Length),
            ["sha256"] = isFolder ? Digest(path, files) : Digest(path),
        };
    }

    /// <summary>The files of a folder, each with its name: the folder that a text is in is its label.</summary>
    private static string Digest(string folder, string[] files) =>
        FileDigest.Of(Encoding.UTF8.GetBytes(string.Concat(files.Select(file => $"{Path.GetRelativePath(folder, file)}\0{Digest(file)}\n"))));

    private static string Digest(string file) => FileDigest.Of(file, CancellationToken.None);
}
