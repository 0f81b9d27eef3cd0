using System.Text;
using SentimentML.Files;

namespace SentimentML.Backbones.Hub;

/// <summary>
/// One model's part of the cache, laid out as Hugging Face's tools lay it out: blobs by content, snapshots by commit with
/// links into blobs, refs from a revision to its commit, and which files are known to be absent.
/// </summary>
internal sealed class RepositoryCache(HubSettings settings, HubReference reference)
{
    private readonly string _root = Path.Combine(settings.CacheFolder, reference.FolderName);

    public string BlobPath(ContentTag tag) => Path.Combine(_root, "blobs", tag.Name);

    /// <summary>The downloaded part of a blob, which a later download resumes.</summary>
    public string PartPath(ContentTag tag) => BlobPath(tag) + ".incomplete";

    public string LockPath(ContentTag tag) => Path.Combine(settings.CacheFolder, ".locks", reference.FolderName, tag.Name + ".lock");

    public string SnapshotFolder(string commit) => Path.Combine(_root, "snapshots", commit);

    /// <summary>Whether a snapshot has a file. A link counts only with its blob, which File.Exists does not look at.</summary>
    public bool Has(string commit, string file)
    {
        var there = new FileInfo(SnapshotFile(commit, file));
        return there.Exists && (there.LinkTarget is null || there.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true });
    }

    /// <summary>The commit that the revision had at the last request; null if there was none.</summary>
    public string? KnownCommit()
    {
        if (HubReference.IsCommit(reference.Revision))
            return reference.Revision;
        string path = RefPath();
        if (!File.Exists(path))
            return null;
        using var reader = new StreamReader(path);
        var text = new char[64];
        string commit = new string(text, 0, reader.ReadBlock(text)).Trim();
        return HubReference.IsCommit(commit) ? commit : null;
    }

    /// <summary>Whether a commit is known to lack a file: a commit never changes, so it need not be asked again.</summary>
    public bool IsKnownAbsent(string commit, string file) => File.Exists(AbsentPath(commit, file));

    public void RememberAbsent(string commit, string file)
    {
        string path = AbsentPath(commit, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream mark = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
    }

    /// <summary>Writes which commit the revision is. A commit needs no such note.</summary>
    public void RememberCommit(string commit)
    {
        if (reference.Revision == commit || KnownCommit() == commit)
            return;
        WholeFile.Write(RefPath(), Encoding.ASCII.GetBytes(commit));
    }

    /// <summary>Makes the folders of a download, and the mark by which backup programs pass over a cache.</summary>
    public void Prepare(string commit)
    {
        Directory.CreateDirectory(Path.Combine(_root, "blobs"));
        Directory.CreateDirectory(SnapshotFolder(commit));
        string mark = Path.Combine(settings.CacheFolder, "CACHEDIR.TAG");
        if (!File.Exists(mark))
            WholeFile.Write(mark, CacheMark);
    }

    /// <summary>Puts a blob into a snapshot under its file's name. The caller holds the blob's lock.</summary>
    public void Place(ContentTag tag, string commit, string file)
    {
        if (Has(commit, file))
            return;
        string path = SnapshotFile(commit, file);
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        File.Delete(path); // a link whose blob was gone and has another name now
        if (settings.UseLinks && TryLink(path, Path.GetRelativePath(folder, BlobPath(tag))))
            return;
        WholeFile.Write(path, stream =>
        {
            using FileStream blob = File.OpenRead(BlobPath(tag));
            blob.CopyTo(stream);
        });
    }

    /// <summary>Windows lets only some users make links, and some file systems have none: then a copy does.</summary>
    private static bool TryLink(string path, string target)
    {
        try
        {
            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    private string SnapshotFile(string commit, string file) => Path.Combine(SnapshotFolder(commit), file);

    private string RefPath() => Path.Combine([_root, "refs", .. reference.Revision.Split('/')]);

    private string AbsentPath(string commit, string file) => Path.Combine(_root, ".no_exist", commit, file);

    private static ReadOnlySpan<byte> CacheMark =>
        "Signature: 8a477f597d28d172789f06886806bc55\n"u8
        + "# This file is a cache directory tag created by huggingface_hub.\n"u8
        + "# For information about cache directory tags, see:\n"u8
        + "#\thttps://bford.info/cachedir/\n"u8;
}
