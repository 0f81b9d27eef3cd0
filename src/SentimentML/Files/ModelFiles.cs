using System.Reflection;
using System.Text;

namespace SentimentML.Files;

/// <summary>The files of one model by name: in a folder, a zip, an assembly's resources or memory.</summary>
internal abstract class ModelFiles
{
    /// <summary>Where the files are, for messages.</summary>
    public abstract string Location { get; }

    /// <summary>The files' names, sorted.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    public abstract bool Contains(string name);

    /// <summary>Maps a file into memory, read-only. The caller disposes it.</summary>
    /// <exception cref="ModelFileException">The file is not there or cannot be read.</exception>
    public abstract MappedFile Map(string name);

    /// <summary>Reads a text file (config.json, vocab.json, …), UTF-8.</summary>
    public string ReadText(string name)
    {
        using MappedFile file = Map(name);
        ReadOnlySpan<byte> bytes = file.Span(0, file.Length);
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFileException(
                $"{file.Path} is not UTF-8 text: byte {e.Index} is invalid. Download the file again from where the model came from.", e);
        }
    }

    /// <summary>Reads a JSON file as Python's json module writes it.</summary>
    public string ReadJson(string name) => PythonJson.ToPlain(ReadText(name));

    /// <summary>The files in a folder.</summary>
    public static ModelFiles InFolder(string folder) => new FolderFiles(folder);

    /// <summary>The files embedded in an assembly as resources whose names start with <paramref name="prefix"/>.</summary>
    public static ModelFiles InAssembly(Assembly assembly, string prefix) => new EmbeddedFiles(assembly, prefix);

    /// <summary>Files that were read already.</summary>
    public static ModelFiles InMemory(string location, IReadOnlyDictionary<string, byte[]> files) => new MemoryFiles(location, files);

    /// <summary>The files of one set, and those of another that it lacks: what a model changes, over its backbone.</summary>
    public static ModelFiles Over(ModelFiles top, ModelFiles under) => new OverlaidFiles(top, under);

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private sealed class FolderFiles(string folder) : ModelFiles
    {
        public override string Location { get; } = System.IO.Path.GetFullPath(folder);

        public override IReadOnlyList<string> Names => Sorted(Directory.EnumerateFiles(Location).Select(path => System.IO.Path.GetFileName(path)));

        public override bool Contains(string name) => File.Exists(PathOf(name));

        public override MappedFile Map(string name) => MappedFile.Open(PathOf(name));

        /// <summary>Names may come from an index file inside the folder, and lead into folders inside of it: none may lead out of it.</summary>
        private string PathOf(string name)
        {
            if (name.Split('/').Any(step => step is "" or "." or "..") || name.IndexOfAny(['\\', ':', '\0']) >= 0)
                throw new ModelFileException($"'{name}' is not a file name inside {Location}: a model's files lie in its folder.");
            return System.IO.Path.Combine(Location, name);
        }
    }

    private sealed class EmbeddedFiles(Assembly assembly, string prefix) : ModelFiles
    {
        public override string Location { get; } = $"{assembly.GetName().Name}.dll!{prefix}";

        public override IReadOnlyList<string> Names =>
            Sorted(assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]));

        public override bool Contains(string name) => assembly.GetManifestResourceInfo(prefix + name) is not null;

        public override MappedFile Map(string name)
        {
            Stream stream = assembly.GetManifestResourceStream(prefix + name)
                ?? throw new ModelFileException($"{Location}{name} is missing from the assembly.");
            return MappedFile.OverResource((UnmanagedMemoryStream)stream, Location + name);
        }
    }

    private sealed class OverlaidFiles(ModelFiles top, ModelFiles under) : ModelFiles
    {
        public override string Location => top.Location;

        public override IReadOnlyList<string> Names => Sorted(top.Names.Union(under.Names, StringComparer.Ordinal));

        public override bool Contains(string name) => top.Contains(name) || under.Contains(name);

        public override MappedFile Map(string name) => (top.Contains(name) ? top : under).Map(name);
    }

    private sealed class MemoryFiles(string location, IReadOnlyDictionary<string, byte[]> files) : ModelFiles
    {
        public override string Location => location;

        public override IReadOnlyList<string> Names => Sorted(files.Keys);

        public override bool Contains(string name) => files.ContainsKey(name);

        public override MappedFile Map(string name) => files.TryGetValue(name, out byte[]? content)
            ? MappedFile.OverArray(content, $"{location}/{name}")
            : throw new ModelFileException($"{location} lacks {name}.");
    }
}
