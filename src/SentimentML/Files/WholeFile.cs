namespace SentimentML.Files;

/// <summary>
/// A file that appears whole or not at all: it is written beside its place, flushed to the disk and renamed. What goes wrong
/// is the system's IOException or UnauthorizedAccessException: the caller knows what was to be written, and says so.
/// </summary>
/// <remarks>A link stays a link: its target is replaced. A device such as /dev/stdout is written to.</remarks>
internal sealed class WholeFile : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly string _path;
    private readonly string? _partial;
    private readonly FileStream _stream;

    /// <summary>Starts a file. Its folder is created; the file appears when it is completed.</summary>
    /// <param name="path">Where the file goes; one that is there is replaced.</param>
    /// <param name="mode">The file's permissions on Unix. The default value is null: as the process creates files.</param>
    public WholeFile(string path, UnixFileMode? mode = null)
    {
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
            throw new IOException($"{_path} is a folder, expected a file.");
        if (IsDevice(_path))
        {
            _stream = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.Read, BufferSize);
            return;
        }
        if (new FileInfo(_path).LinkTarget is not null)
            _path = File.ResolveLinkTarget(_path, returnFinalTarget: true)!.FullName;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _partial = PartialOf(_path);
        _stream = Create(_partial, mode);
    }

    public Stream Stream => _stream;

    /// <summary>Puts the file in its place.</summary>
    public void Complete()
    {
        if (_partial is null)
        {
            _stream.Dispose();
            return;
        }
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_partial, _path, overwrite: true);
    }

    public void Dispose()
    {
        try
        {
            _stream.Dispose(); // writes what is buffered, for which a full disk has no room either
        }
        finally
        {
            if (_partial is not null)
                File.Delete(_partial); // there only when the file was not completed
        }
    }

    /// <summary>Writes a whole file.</summary>
    public static void Write(string path, Action<Stream> write, UnixFileMode? mode = null)
    {
        using var file = new WholeFile(path, mode);
        write(file.Stream);
        file.Complete();
    }

    /// <inheritdoc cref="Write(string, Action{Stream}, UnixFileMode?)"/>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        using var file = new WholeFile(path, mode);
        file.Stream.Write(content);
        file.Complete();
    }

    /// <summary>Writes a new file through to the disk, inside a folder that is itself renamed when all its files are written.</summary>
    public static void WriteThrough(string path, Action<Stream> write)
    {
        using FileStream file = Create(path, mode: null);
        write(file);
        file.Flush(flushToDisk: true);
    }

    /// <summary>A name beside a file or folder that nothing else has.</summary>
    internal static string PartialOf(string path) => $"{path}.{Guid.NewGuid():N}.tmp";

    private static FileStream Create(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = BufferSize };
        if (mode is not null && !OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        return new FileStream(path, options);
    }

    /// <summary>/dev/shm is a file system in memory, with files like any other.</summary>
    private static bool IsDevice(string path) => !OperatingSystem.IsWindows() && File.Exists(path)
        && path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
}
