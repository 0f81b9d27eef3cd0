namespace SentimentML.Reviews;

/// <summary>
/// A folder of texts, a .txt file for each: in folders that are called as their label, as the corpora of films' reviews are given out (pos, neg), or
/// without labels in the folder itself.
/// </summary>
/// <param name="Files">The files in the order of their names, each with its label; null where it has none.</param>
/// <param name="LeftOver">The files that are not read although they may be texts: beside the labels' folders, or in them and not .txt.</param>
internal sealed record TextFolder(IReadOnlyList<(string Path, string? Label)> Files, IReadOnlyList<string> LeftOver)
{
    private const string Extension = ".txt";

    /// <summary>What corpora call the folder of texts that nobody labelled.</summary>
    private static readonly HashSet<string> Unlabeled = new(StringComparer.OrdinalIgnoreCase) { "unsup", "unlabeled", "unlabelled" };

    /// <summary>Whether there are labels.</summary>
    public bool HasLabels => Files.Any(file => file.Label is not null);

    /// <summary>Whether the folders inside it name labels: more than one.</summary>
    public bool HasSeveralLabels => Files.Select(file => file.Label).Distinct().Count() > 1;

    /// <summary>The folder's texts; null if it has none, or folders of them further inside: a corpus with its parts for training and testing.</summary>
    public static TextFolder? Find(string path)
    {
        if (FoldersIn(path).SelectMany(FoldersIn).Any(folder => TextsIn(folder, label: null).Any()))
            return null;
        string[] folders = [.. FoldersIn(path)], texts = [.. FilesIn(path).Where(IsText)];
        (string, string?)[] labelled = [.. folders.SelectMany(folder => TextsIn(folder, LabelOf(folder)))];
        if (labelled.Length > 0)
            return new TextFolder(labelled, [.. texts, .. FilesIn(path).Where(file => !IsText(file) && DataFiles.IsData(file)),
                .. folders.SelectMany(FilesIn).Where(file => !IsText(file))]);
        return texts.Length > 0 ? new TextFolder([.. TextsIn(path, label: null)], []) : null;
    }

    /// <summary>The folders inside that have texts, for a message.</summary>
    public static IEnumerable<string> FoundIn(string path) => FoldersIn(path).Where(folder => Find(folder) is not null);

    private static IEnumerable<string> FoldersIn(string path) =>
        Directory.EnumerateDirectories(path).Where(folder => !Path.GetFileName(folder).StartsWith('.')).Order(StringComparer.Ordinal);

    private static IEnumerable<(string Path, string? Label)> TextsIn(string folder, string? label) =>
        FilesIn(folder).Where(IsText).Select(file => (file, label));

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal);

    private static bool IsText(string file) => Path.GetExtension(file).Equals(Extension, StringComparison.OrdinalIgnoreCase);

    private static string? LabelOf(string folder) => Path.GetFileName(folder) is var name && Unlabeled.Contains(name) ? null : name;
}
