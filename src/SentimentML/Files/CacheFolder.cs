using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SentimentML.Files;

/// <summary>
/// The user's folder for files that can be made again: XDG_CACHE_HOME/sentimentml, by default ~/.cache/sentimentml. It is used
/// if nobody else can write to it. Otherwise a folder inside the system's temporary one takes its place, which is private to
/// this process and deleted at its end. The hub's cache is not here: it is Hugging Face's own (Backbones/Hub).
/// </summary>
internal static partial class CacheFolder
{
    private const UnixFileMode OnlyTheUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly Lazy<string> OfThisProcess = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("sentimentml-").FullName; // by mkdtemp, so for this user alone
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Directory.Exists(folder)) // the system may have cleaned its temporary folder in the meantime
                Directory.Delete(folder, recursive: true);
        };
        return folder;
    });

    /// <summary>Creates a part of the cache if needed.</summary>
    /// <param name="part">The part's name.</param>
    /// <returns>A folder that only this user can write to.</returns>
    public static string Open(string part) => Open(part, Environment.GetEnvironmentVariable("XDG_CACHE_HOME"),
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    /// <param name="part">The part's name.</param>
    /// <param name="caches">The folder for all programs' caches; ignored unless it is a full path.</param>
    /// <param name="home">The user's home; empty if there is none.</param>
    internal static string Open(string part, string? caches, string home)
    {
        string? root = Path.IsPathRooted(caches) ? caches : home.Length > 0 ? Path.Combine(home, ".cache") : null;
        return (root is null ? null : OpenIn(Path.Combine(root, "sentimentml"), part))
            ?? Directory.CreateDirectory(Path.Combine(OfThisProcess.Value, part)).FullName;
    }

    /// <summary>Null where the folder cannot be created, belongs to another user or lets others write.</summary>
    private static string? OpenIn(string own, string part)
    {
        string folder = Path.Combine(own, part);
        try
        {
            Create(own);
            Create(folder);
            return IsPrivate(own) && IsPrivate(folder) ? folder : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a home that may only be read, or does not exist
        }
    }

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder); // a user's profile is closed to others
        else
            Directory.CreateDirectory(folder, OnlyTheUser);
    }

    private static bool IsPrivate(string folder) =>
        OperatingSystem.IsWindows() || ((File.GetUnixFileMode(folder) & WritableByOthers) == 0 && BelongsToUser(folder));

    /// <summary>By statx, whose layout is the same on every Linux (man 2 statx). Elsewhere only an owner may set the mode.</summary>
    [UnsupportedOSPlatform("windows")]
    private static unsafe bool BelongsToUser(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(folder, OnlyTheUser);
            return true;
        }
        const int currentFolder = -100, followNoLink = 0x100, wantedOwner = 0x8, ownerOffset = 20, size = 256; // AT_FDCWD, AT_SYMLINK_NOFOLLOW, STATX_UID
        byte* facts = stackalloc byte[size];
        return StatX(currentFolder, folder, followNoLink, wantedOwner, facts) == 0 && *(uint*)(facts + ownerOffset) == GetEffectiveUser();
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint wanted, byte* facts);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();
}
