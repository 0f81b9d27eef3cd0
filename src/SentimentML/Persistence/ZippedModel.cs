using System.IO.Compression;
using SentimentML.Encoders;
using SentimentML.Files;
using static TorchSharp.torch;

namespace SentimentML.Persistence;

/// <summary>The files of a model inside a zip that ml.Model.Save wrote, read without ML.NET. The zip is opened for each file.</summary>
internal sealed class ZippedModel : ModelFiles
{
    private readonly string _path;
    private readonly Dictionary<string, string> _entries;

    /// <exception cref="ModelFileException">The zip cannot be read, or holds no model of this library.</exception>
    public ZippedModel(string path)
    {
        _path = path;
        _entries = Read(EntriesOf);
    }

    public override string Location => _path;

    public override bool Contains(string name) => name != ModelParts.Weights && _entries.ContainsKey(name);

    /// <inheritdoc/>
    public override MappedFile Map(string name) => Read(zip =>
    {
        ZipArchiveEntry entry = Entry(zip, name);
        if (entry.Length > ModelParts.MaxSmallFile)
            throw new ModelFileException($"{_path}: the part {name} has {entry.Length} bytes, expected at most {ModelParts.MaxSmallFile}. The file is damaged: save the model again.");
        using Stream stream = entry.Open();
        byte[] content = new byte[entry.Length];
        stream.ReadExactly(content);
        return MappedFile.OverArray(content, $"{_path}/{name}");
    });

    /// <summary>Streams the weights into a network.</summary>
    public Pretrained Load(Device device, CancellationToken cancellationToken) => Read(zip =>
    {
        ZipArchiveEntry entry = Entry(zip, ModelParts.Weights);
        long expected = EncoderConfig.Read(this).EncoderParameters * sizeof(float);
        if (entry.Length < expected)
            throw new ModelFileException($"{_path}: the weights have {entry.Length} bytes, but config.json describes a network of {expected} or more. The file is damaged: save the model again.");
        using Stream weights = entry.Open();
        return Pretrained.Classifier(this, weights, device, cancellationToken);
    });

    private ZipArchiveEntry Entry(ZipArchive zip, string name) =>
        (_entries.TryGetValue(name, out string? entry) ? zip.GetEntry(entry) : null) ?? throw new ModelFileException($"{_path} lacks the part {name}. It is damaged: save the model again.");

    /// <summary>The files of the folder with the weights, by name. Entries' names have the separator of the system that they were written on.</summary>
    private Dictionary<string, string> EntriesOf(ZipArchive zip)
    {
        IGrouping<string, ZipArchiveEntry> folder = zip.Entries.GroupBy(entry => entry.FullName[..^LastName(entry).Length], StringComparer.Ordinal)
            .FirstOrDefault(entries => entries.Any(entry => LastName(entry) == ModelParts.Weights))
            ?? throw new ModelFileException($"{_path} holds no model of this library, expected a zip that ml.Model.Save wrote of a pipeline with SentimentClassification.");
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in folder)
        {
            if (!entries.TryAdd(LastName(entry), entry.FullName))
                throw new ModelFileException($"{_path} holds the part {LastName(entry)} twice. It is damaged: save the model again.");
        }
        return entries;
    }

    private T Read<T>(Func<ZipArchive, T> read)
    {
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(_path);
            return read(zip);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"{_path} cannot be read as a model: {e.Message} Expected a model folder, or a zip that ml.Model.Save wrote.", e);
        }
    }

    private static string LastName(ZipArchiveEntry entry) => entry.FullName[(entry.FullName.LastIndexOfAny(['/', '\\']) + 1)..];
}
