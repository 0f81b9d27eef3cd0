using System.IO.Compression;

namespace SentimentML.Tests.Infrastructure;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>The folder of SentimentML.sln.</summary>
    public static string Folder { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The texts that the ready model was trained on, data/opinions: one JSON object a line.</summary>
    /// <param name="folder">Another checkout. The default value is null: this one.</param>
    public static IEnumerable<string> Opinions(string? folder = null)
    {
        string path = Path.Combine(folder ?? Folder, "data", "opinions", "opinions.jsonl.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static string Find(DirectoryInfo? at)
    {
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "SentimentML.sln")))
            at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException($"There is no SentimentML.sln above {AppContext.BaseDirectory}.");
    }
}
