namespace SentimentML.Files;

/// <summary>
/// Files of one folder that are written beside it first. A folder that does not exist yet appears whole; in one that exists
/// each file is replaced whole, in the order in which they were written, and other files stay.
/// </summary>
/// <remarks>As for <see cref="WholeFile"/>, what goes wrong is the system's IOException or UnauthorizedAccessException.</remarks>
internal sealed class WholeFolder : IDisposable
{
    private readonly string _target;
    private readonly List<string> _names = [];

    /// <param name="path">Where the files go.</param>
    public WholeFolder(string path)
    {
        _target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        Path = WholeFile.PartialOf(_target);
        Directory.CreateDirectory(Path);
    }

    /// <summary>The folder beside, in which the files are until they are complete.</summary>
    public string Path { get; }

    /// <summary>Writes a file through to the disk.</summary>
    public void Write(string name, Action<Stream> write)
    {
        WholeFile.WriteThrough(System.IO.Path.Combine(Path, name), write);
        _names.Add(name);
    }

    /// <summary>Puts all files in their place.</summary>
    /// <param name="obsolete">Files, relative to the folder, that would be taken for parts of what was written: those that were not written go.</param>
    public void Complete(params IEnumerable<string> obsolete)
    {
        if (!Directory.Exists(_target))
        {
            Directory.Move(Path, _target);
            return;
        }
        foreach (string path in obsolete.Except(_names).Select(name => System.IO.Path.Combine(_target, name)).Where(File.Exists))
            File.Delete(path);
        foreach (string name in _names)
            File.Move(System.IO.Path.Combine(Path, name), System.IO.Path.Combine(_target, name), overwrite: true);
    }

    public void Dispose()
    {
        if (Directory.Exists(Path)) // with what was not completed
            Directory.Delete(Path, recursive: true);
    }
}
