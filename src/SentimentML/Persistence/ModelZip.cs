using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.ML;
using SentimentML.Backbones;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.MLNetInternals;
using SentimentML.Pipeline;
using SentimentML.Encoders;

namespace SentimentML.Persistence;

/// <summary>
/// A model inside an ML.NET zip: the transformer's own part lists the model's files, which lie beside it as they would in
/// a model folder. So ml.Model.Load finds it through ML.NET, and SentimentClassifier.Load without.
/// </summary>
internal static class ModelZip
{
    private const int MaxSmallFile = 256 << 20;

    private static readonly ModelFormat Format = new("ROBTXTCL", version: 0x00010001, oldestReadable: 0x00010001, SentimentClassificationTransformer.Loader);

    /// <summary>Writes a transformer's part of a model file; the weights are streamed from where they are.</summary>
    public static void Save(TextClassificationModel model, ScoredColumns columns, ModelSaveContext context)
    {
        IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> small = ModelParts.SmallFiles(model);
        Format.Save(context, writer =>
        {
            writer.Write(columns.Text);
            writer.Write(columns.TextPair ?? "");
            writer.Write(columns.PredictedLabel);
            writer.Write(columns.Score);
            writer.Write(small.Count);
            foreach ((string name, ReadOnlyMemory<byte> content) in small)
            {
                writer.Write(name);
                writer.Write(content.Length);
            }
        });
        foreach ((string name, ReadOnlyMemory<byte> content) in small)
            ModelFormat.SaveStream(context, name, writer => writer.Write(content.Span));
        ModelFormat.SaveStream(context, ModelParts.Weights, writer => SafetensorsWriter.Write(writer.BaseStream, ModelParts.WeightsOf(model)));
    }

    /// <summary>Reads what <see cref="Save"/> wrote, through ML.NET.</summary>
    public static (TextClassificationModel Model, ScoredColumns Columns) Load(ModelLoadContext context, TorchDevice device)
    {
        var (columns, parts) = Format.Load(context, reader => (
            new ScoredColumns(reader.ReadString(), reader.ReadString() is { Length: > 0 } pair ? pair : null, reader.ReadString(), reader.ReadString()),
            ReadNames(reader)));
        var small = new Dictionary<string, byte[]>();
        foreach ((string name, int length) in parts)
            ModelFormat.LoadStream(context, name, reader => small[name] = reader.ReadBytes(length));
        TextClassificationModel? model = null;
        ModelFormat.LoadStream(context, ModelParts.Weights, reader => model = Assemble(ModelFiles.InMemory("the model file", small), reader.BaseStream, device));
        return (model!, columns);
    }

    /// <summary>Reads the model out of an ML.NET zip without ML.NET.</summary>
    public static TextClassificationModel Load(string path, TorchDevice device)
    {
        if (!File.Exists(path))
            throw new SentimentMLException($"{Path.GetFullPath(path)} does not exist: expected a model folder, or a zip that ml.Model.Save wrote.");
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            // Entries' names have the separator of the system they were written on.
            ILookup<string, ZipArchiveEntry> byFolder = zip.Entries.ToLookup(entry => entry.FullName[..^entry.Name.Length], StringComparer.Ordinal);
            IGrouping<string, ZipArchiveEntry>? folder = byFolder.FirstOrDefault(entries => entries.Any(e => LastName(e) == ModelParts.Weights));
            if (folder is null)
                throw new SentimentMLException($"{path} holds no model of this library: expected a zip that ml.Model.Save wrote of a pipeline with SentimentClassification.");
            Dictionary<string, byte[]> small = folder.Where(entry => LastName(entry) != ModelParts.Weights).ToDictionary(LastName, ReadSmall);
            using Stream weights = folder.Single(entry => LastName(entry) == ModelParts.Weights).Open();
            return Assemble(ModelFiles.InMemory(path, small), weights, device);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{path} cannot be read as a model: {e.Message} Expected a model folder, or a zip that ml.Model.Save wrote.", e);
        }
    }

    private static TextClassificationModel Assemble(ModelFiles small, Stream weights, TorchDevice device)
    {
        var on = device.Resolve();
        JsonObject card = ModelParts.ReadCard(small);
        Pretrained loaded = Pretrained.Classifier(small, weights, on);
        int maxTokens = ModelParts.MaxTokens(card, loaded.Network.Config, loaded.Tokenizer);
        return new TextClassificationModel(loaded.Network, loaded.Tokenizer, maxTokens, card, on);
    }

    private static IReadOnlyList<(string Name, int Length)> ReadNames(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count is < 0 or > 100)
            throw new SentimentMLException($"The model file says that it has {count} parts. It is damaged: save the model again.");
        var names = new List<(string, int)>();
        for (int i = 0; i < count; i++)
        {
            (string name, int length) = (reader.ReadString(), reader.ReadInt32());
            if (length is < 0 or > MaxSmallFile)
                throw new SentimentMLException($"The model file says that its part '{name}' has {length} bytes. It is damaged: save the model again.");
            names.Add((name, length));
        }
        return names;
    }

    private static string LastName(ZipArchiveEntry entry) => entry.FullName[(entry.FullName.LastIndexOfAny(['/', '\\']) + 1)..];

    private static byte[] ReadSmall(ZipArchiveEntry entry)
    {
        if (entry.Length > MaxSmallFile)
            throw new SentimentMLException($"The part {entry.FullName} of the model file has {entry.Length} bytes, at most {MaxSmallFile} were expected.");
        using Stream stream = entry.Open();
        byte[] content = new byte[entry.Length];
        stream.ReadExactly(content);
        return content;
    }
}
