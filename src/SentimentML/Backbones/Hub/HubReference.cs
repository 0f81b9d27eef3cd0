using System.Text.RegularExpressions;

namespace SentimentML.Backbones.Hub;

/// <summary>
/// A model on the hub and one of its revisions. Both become parts of URLs and of paths in the cache, so neither is taken
/// unless it is spelled as the hub spells them.
/// </summary>
internal sealed partial record HubReference
{
    public const string DefaultRevision = "main";

    private const string FolderPrefix = "models--";

    private HubReference(string id, string revision)
    {
        Id = id;
        Revision = revision;
    }

    /// <summary>"org/name", or "name" for the few models without an owner.</summary>
    public string Id { get; }

    /// <summary>A branch, a tag, a commit, or a pull request as "refs/pr/1".</summary>
    public string Revision { get; }

    /// <summary>Whether the revision is a commit, which never changes.</summary>
    public bool IsFixed => IsCommit(Revision);

    /// <summary>The repository's folder in the cache: "models--org--name".</summary>
    public string FolderName => FolderPrefix + Id.Replace("/", "--", StringComparison.Ordinal);

    /// <summary>The id of a model in a cache that Hugging Face's tools lay out, by its snapshot's path; null for another folder.</summary>
    public static string? IdOfCached(string path)
    {
        string[] folders = path.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        int snapshots = Array.LastIndexOf(folders, "snapshots");
        return snapshots > 0 && folders[snapshots - 1] is var name && name.StartsWith(FolderPrefix, StringComparison.Ordinal)
            ? name[FolderPrefix.Length..].Replace("--", "/", StringComparison.Ordinal) : null;
    }

    /// <exception cref="ArgumentException">The id or the revision is not spelled as the hub spells them.</exception>
    public static HubReference Parse(string id, string revision = DefaultRevision)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(revision);
        if (!IdPattern().IsMatch(id) || id.Contains("--", StringComparison.Ordinal) || id.Contains("..", StringComparison.Ordinal)
            || id.EndsWith(".git", StringComparison.Ordinal))
            throw new ArgumentException($"'{id}' is not a model's id on the hub. Expected 'org/name' or 'name': letters, digits, '-', '_' and '.', at most 96 "
                + "each, without '--' or '..', not starting or ending with '-' or '.'.", nameof(id));
        if (!IsRevision(revision))
            throw new ArgumentException($"'{revision}' is not a revision. Expected a branch, a tag, a commit of 40 hexadecimal digits, or a pull request as "
                + "'refs/pr/1'.", nameof(revision));
        return new HubReference(id, revision);
    }

    /// <summary>Reads "organization/name" or "organization/name@revision"; null for what cannot be one, such as a path.</summary>
    public static HubReference? TryParse(string text)
    {
        string[] parts = text.Split('@', 2);
        return parts[0].Contains('/', StringComparison.Ordinal) ? TryParseId(parts[0], parts.Length == 2 ? parts[1] : null) : null;
    }

    /// <summary>Reads an id, with or without an owner; null for what cannot be one, such as a path.</summary>
    /// <param name="id">"organization/name", or "name".</param>
    /// <param name="revision">The revision; null for the default one.</param>
    public static HubReference? TryParseId(string id, string? revision)
    {
        try
        {
            return Parse(id, revision ?? DefaultRevision);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The address of a file at this revision. A slash inside the revision is escaped: it is one segment.</summary>
    public Uri AddressOf(string file, Uri endpoint) =>
        new($"{endpoint.AbsoluteUri.TrimEnd('/')}/{Id}/resolve/{Uri.EscapeDataString(Revision)}/"
            + $"{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}");

    /// <summary>Whether a text is a whole commit: 40 hexadecimal digits in lower case.</summary>
    public static bool IsCommit(string? text) => text is not null && CommitPattern().IsMatch(text);

    public override string ToString() => $"'{Id}' (revision {Revision})";

    /// <summary>Git's own rules for names of references, which also keep a path made of them inside its folder.</summary>
    private static bool IsRevision(string revision) =>
        revision.Length is > 0 and <= 255
        && !revision.Contains("@{", StringComparison.Ordinal)
        && !revision.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || "~^:?*[\\\"<>|".Contains(c, StringComparison.Ordinal))
        && revision.Split('/').All(segment =>
            segment.Length > 0 && segment[0] is not ('.' or '-') && segment[^1] != '.'
            && !segment.Contains("..", StringComparison.Ordinal)
            && !segment.EndsWith(".lock", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"\A(?:[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,94}[A-Za-z0-9_])?/)?[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,94}[A-Za-z0-9_])?\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex CommitPattern();
}
