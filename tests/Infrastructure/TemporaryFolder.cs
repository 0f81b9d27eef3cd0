using System.Text;

namespace SentimentML.Tests.Infrastructure;

/// <summary>An empty folder that is deleted after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sentimentml-test-").FullName;

    /// <summary>The names of the entries, sorted.</summary>
    public IEnumerable<string> Names =>
        Directory.EnumerateFileSystemEntries(Path).Select(path => System.IO.Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    /// <summary>The path of an entry, whether it exists or not.</summary>
    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public string Read(string name) => File.ReadAllText(At(name));

    public TemporaryFolder With(string name, string content) => With(name, Encoding.UTF8.GetBytes(content));

    public TemporaryFolder With(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), content);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
