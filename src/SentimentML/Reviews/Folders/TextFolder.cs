namespace SentimentML.Reviews;

/// <summary>
/// A folder of texts, a .txt file for each: in folders that are called as their label, as the corpora of films' reviews are given out (pos, neg), or
/// without labels in the folder itself.
/// </summary>
/// <param name="Files">The files in the order of their names, each with its label; null where it has none.</param>
internal sealed record TextFolder(IReadOnlyList<(string Path, string? Label)> Files)
{
    private const string Pattern = "*.txt";

    /// <summary>What corpora call the folder of texts that nobody labelled.</summary>
    private static readonly HashSet<string> Unlabeled = new(StringComparer.OrdinalIgnoreCase) { "unsup", "unlabeled", "unlabelled" };

    /// <summary>Whether there are labels.</summary>
    public bool HasLabels => Files.Any(file => file.Label is not null);

    /// <summary>The folder's texts; null if it has none, or folders of them further inside: a corpus with its parts for training and testing.</summary>
    public static TextFolder? Find(string path)
    {
        if (FoldersIn(path).SelectMany(FoldersIn).Any(folder => TextsIn(folder, label: null).Any()))
            return null;
        (string, string?)[] files = [.. FoldersIn(path).SelectMany(folder => TextsIn(folder, LabelOf(folder)))];
        if (files.Length == 0)
            files = [.. TextsIn(path, label: null)];
        return files.Length > 0 ? new TextFolder(files) : null;
    }

    /// <summary>The folders inside that have texts, for a message.</summary>
    public static IEnumerable<string> FoundIn(string path) => FoldersIn(path).Where(folder => Find(folder) is not null);

    private static IEnumerable<string> FoldersIn(string path) =>
        Directory.EnumerateDirectories(path).Where(folder => !Path.GetFileName(folder).StartsWith('.')).Order(StringComparer.Ordinal);

    private static IEnumerable<(string Path, string? Label)> TextsIn(string folder, string? label) =>
        Directory.EnumerateFiles(folder, Pattern).Order(StringComparer.Ordinal).Select(file => (file, label));

    private static string? LabelOf(string folder) => Path.GetFileName(folder) is var name && Unlabeled.Contains(name) ? null : name;
}
