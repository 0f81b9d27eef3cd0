namespace SentimentML.Tests.Infrastructure;

/// <summary>
/// The materials beside the checkout (../shared): real reviews and the reference's outputs on them, which may be measured
/// with and not be copied. A test that needs them is skipped where they are missing.
/// </summary>
internal static class Shared
{
    private static readonly Lazy<string?> Folder = new(Find);

    /// <summary>The path of a file or folder in the shared materials; skips the running test when it is not there.</summary>
    public static string Path(params string[] parts)
    {
        string? path = Folder.Value is { } folder ? System.IO.Path.Combine([folder, .. parts]) : null;
        Assert.SkipWhen(path is null || !System.IO.Path.Exists(path),
            $"needs shared/{string.Join('/', parts)} beside the checkout, which is not there");
        return path!;
    }

    /// <summary>The path of one of the reference's outputs: from the project's own copies, else from the shared materials.</summary>
    public static string Golden(params string[] parts)
    {
        string own = System.IO.Path.Combine([AppContext.BaseDirectory, "golden", .. parts]);
        return System.IO.Path.Exists(own) ? own : Path(["golden", .. parts]);
    }

    private static string? Find()
    {
        string shared = System.IO.Path.Combine(Repository.Folder, "..", "shared");
        return Directory.Exists(shared) ? System.IO.Path.GetFullPath(shared) : null;
    }
}
