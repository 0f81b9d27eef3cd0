namespace SentimentML.Tool.Output;

/// <summary>A file that appears whole or not at all: written beside its place, and moved there when it is complete.</summary>
internal sealed class WholeFile : IDisposable
{
    private readonly string _path;
    private readonly string? _beside;
    private readonly FileStream _stream;

    /// <exception cref="SentimentMLException">The file cannot be written there.</exception>
    public WholeFile(string path)
    {
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
            throw new SentimentMLException($"{_path} is a folder; a file to write to was expected.");
        try
        {
            if (new FileInfo(_path).LinkTarget is not null)
                _path = File.ResolveLinkTarget(_path, returnFinalTarget: true)!.FullName; // a link stays a link
            _beside = IsDevice ? null : $"{_path}.{Guid.NewGuid():N}.tmp";
            _stream = new FileStream(_beside ?? _path, _beside is null ? FileMode.Open : FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{_path} cannot be written: {e.Message} Look for the folder, for write permission and for free space.", e);
        }
    }

    public Stream Stream => _stream;

    /// <summary>Puts the file in its place.</summary>
    public void Complete()
    {
        if (_beside is null)
        {
            _stream.Dispose();
            return;
        }
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_beside, _path, overwrite: true);
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (_beside is not null)
            File.Delete(_beside); // there only when it was not completed
    }

    /// <summary>/dev/null and its kin are written to, not replaced.</summary>
    private bool IsDevice => !OperatingSystem.IsWindows() && _path.StartsWith("/dev/", StringComparison.Ordinal);
}
