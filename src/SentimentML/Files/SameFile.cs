namespace SentimentML.Files;

/// <summary>Whether two paths name one file, so that writing the one would replace the other.</summary>
internal static class SameFile
{
    /// <summary>
    /// A link is the file that it leads to; links among the folders on the way are not followed. Where the system does not tell upper from lower case
    /// in names, neither does this.
    /// </summary>
    public static bool Is(string path, string other) => Resolved(path).Equals(Resolved(other), OperatingSystem.IsLinux()
        ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    private static string Resolved(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return File.Exists(full) && new FileInfo(full).LinkTarget is not null ? File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName : full;
    }
}
