using System.IO.Compression;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.MLNetInternals;
using static TorchSharp.torch;

namespace SentimentML.Persistence;

/// <summary>The files of a model inside a zip that ml.Model.Save wrote, read without ML.NET. The zip is opened for each file.</summary>
internal sealed class ZippedModel : ModelFiles
{
    private readonly string _path;
    private readonly Dictionary<string, string> _entries;

    /// <param name="path">The zip.</param>
    /// <param name="predictedLabelColumn">Which of several networks is meant, by the column of its answers; null for the only one.</param>
    /// <exception cref="ModelFileException">The zip cannot be read, or holds no such model.</exception>
    public ZippedModel(string path, string? predictedLabelColumn)
    {
        _path = path;
        Network = Read(zip => Choose(zip, predictedLabelColumn));
        _entries = Read(EntriesOf);
    }

    /// <summary>The network's folder in the zip, as <see cref="MLNetInternals.SavedChain"/> names it.</summary>
    public string Network { get; }

    public override string Location => _path;

    public override IReadOnlyList<string> Names => [.. _entries.Keys.Order(StringComparer.Ordinal)];

    public override bool Contains(string name) => name != ModelParts.Weights && _entries.ContainsKey(name);

    /// <inheritdoc/>
    public override MappedFile Map(string name) => Read(zip =>
    {
        ZipArchiveEntry entry = Entry(zip, name);
        if (entry.Length > ModelParts.MaxSmallFile)
            throw new ModelFileException(
                $"{_path}: the part {name} has {entry.Length} bytes, expected at most {ModelParts.MaxSmallFile}. The file is damaged: save the model again.");
        using Stream stream = entry.Open();
        byte[] content = new byte[entry.Length];
        stream.ReadExactly(content);
        return MappedFile.OverArray(content, $"{_path}/{name}");
    });

    /// <summary>Streams the weights into a network.</summary>
    /// <param name="tokenizer">This model's.</param>
    /// <param name="device">Where the network goes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Pretrained Load(PretrainedTokenizer tokenizer, Device device, CancellationToken cancellationToken) => Read(zip =>
    {
        ZipArchiveEntry entry = Entry(zip, ModelParts.Weights);
        long expected = EncoderConfig.Read(this).EncoderParameters * sizeof(float);
        if (entry.Length < expected)
            throw new ModelFileException($"{_path}: the weights have {entry.Length} bytes, but config.json describes a network of {expected} or more. The "
                + "file is damaged: save the model again.");
        using Stream weights = entry.Open();
        return Pretrained.Classifier(this, weights, device, tokenizer, cancellationToken);
    });

    private ZipArchiveEntry Entry(ZipArchive zip, string name) =>
        (_entries.TryGetValue(name, out string? entry) ? zip.GetEntry(entry) : null)
            ?? throw new ModelFileException($"{_path} lacks the part {name}. It is damaged: save the model again.");

    private string Choose(ZipArchive zip, string? predictedLabelColumn)
    {
        string[] networks = [.. zip.Entries.Where(entry => LastName(entry) == ModelParts.Weights).Select(Folder).Distinct(StringComparer.Ordinal)];
        if (networks.Length == 0)
            throw new ModelFileException(
                $"{_path} holds no model of this library, expected a zip that ml.Model.Save wrote of a pipeline with SentimentClassification.");
        if (networks.Length == 1 && predictedLabelColumn is null)
            return networks[0];
        (string Folder, string Column, string Labels)[] known = SavedChain.Read(_path, chain => chain.Transformers()
            .Where(transformer => networks.Contains(transformer.Folder, StringComparer.Ordinal))
            .Select(transformer => (transformer.Folder,
                chain.Read(transformer.Folder, TransformerFormat.ReadColumns).PredictedLabel,
                string.Join(", ", chain.Read(transformer.Folder, context => TransformerFormat.ReadConfig(context, _path)).Labels)))
            .ToArray());
        // Of columns of one name a pipeline shows the last.
        return known.LastOrDefault(network => network.Column == predictedLabelColumn).Folder ?? throw new ModelFileException(
            $"{_path} holds {(known.Length == 1 ? "one network" : $"{known.Length} networks")}, by the column of its answers: "
                + $"{string.Join("; ", known.Select(network => $"{network.Column} ({network.Labels})"))}. "
            + $"{(predictedLabelColumn is null ? "" : $"None answers in '{predictedLabelColumn}'. ")}Name the column of the one that is meant: "
            + "SavedModel.Open(path, predictedLabelColumnName: \"…\"), or --predicted-label-column.");
    }

    /// <summary>The files of the network's folder, by name. Entries' names have the separator of the system that they were written on.</summary>
    private Dictionary<string, string> EntriesOf(ZipArchive zip)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => Folder(entry) == Network))
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
            string folder = Path.GetDirectoryName(Path.GetFullPath(_path))!;
            throw new ModelFileException($"{_path} cannot be read as a model: {e.Message} Expected a model folder, or a zip that ml.Model.Save wrote."
                + (File.Exists(Path.Combine(folder, EncoderConfig.FileName)) ? $" The file lies in a model folder: name that, {folder}." : ""), e);
        }
    }

    /// <summary>With this system's separators and none at the end, as ML.NET names a transformer's folder.</summary>
    private static string Folder(ZipArchiveEntry entry) =>
        entry.FullName[..^LastName(entry).Length].TrimEnd('/', '\\').Replace('/', Path.DirectorySeparatorChar).Replace('\\', Path.DirectorySeparatorChar);

    private static string LastName(ZipArchiveEntry entry) => entry.FullName[(entry.FullName.LastIndexOfAny(['/', '\\']) + 1)..];
}
