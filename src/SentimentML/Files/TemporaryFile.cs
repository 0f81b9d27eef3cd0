namespace SentimentML.Files;

/// <summary>A file for the owner's eyes alone, in the system's temporary folder, that is gone when it is disposed or the process ends.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _stream;

    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">There is no room, or no temporary folder.</exception>
    public TemporaryFile(Action<Stream> write)
    {
        string path = Path.Combine(Path.GetTempPath(), $"sentimentml-{Guid.NewGuid():N}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _stream = new FileStream(path, options);
        try
        {
            if (!OperatingSystem.IsWindows())
                File.Delete(path); // the open file lives on without a name, and goes with the process even if it is killed
            write(_stream);
            _stream.Flush();
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads the content from its start; one reader at a time.</summary>
    public T Read<T>(Func<Stream, T> read)
    {
        lock (_gate)
        {
            _stream.Position = 0;
            return read(_stream);
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _stream.Dispose();
    }
}
