using Microsoft.ML;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Labels;
using SentimentML.MLNetInternals;
using TorchSharp;

namespace SentimentML.Persistence;

/// <summary>
/// A transformer in an ML.NET zip: its own part has the columns' names and lists the model's files, which lie beside it as they
/// would in a model folder. So ml.Model.Load finds it through ML.NET, and <see cref="SavedModel"/> without.
/// </summary>
internal static class TransformerFormat
{
    /// <summary>The name under which ml.Model.Load finds the transformer; ML.NET takes 24 characters at most.</summary>
    public const string Loader = "RobertaTextClassifier";

    private const int MaxFiles = 100;

    private static readonly ModelFormat Format = new("ROBTXTCL", version: 0x00010001, oldestReadable: 0x00010001, Loader);

    public static void Save(TextClassificationModel model, ScoredColumns columns, ModelSaveContext context)
    {
        IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> small = model.Parts.SmallFiles();
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
        ModelFormat.SaveStream(context, ModelParts.Weights, writer => model.WriteWeights(writer.BaseStream));
    }

    public static (TextClassificationModel Model, ScoredColumns Columns) Load(ModelLoadContext context, torch.Device device)
    {
        var (columns, files) = Format.Load(context, reader => (ReadColumns(reader), ReadNames(reader)));
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string name, int length) in files)
            ModelFormat.LoadStream(context, name, reader => contents[name] = reader.ReadBytes(length));
        ModelFiles small = ModelFiles.InMemory("the model file", contents);
        ModelRecord record = ModelRecord.Read(small);
        TextClassificationModel? model = null;
        ModelFormat.LoadStream(context, ModelParts.Weights, reader =>
        {
            Pretrained loaded = Pretrained.Classifier(small, reader.BaseStream, device);
            model = new TextClassificationModel(new ModelParts(loaded.Network.Config, loaded.Tokenizer, record), loaded.Network, device);
        });
        return (model!, columns with { LabelType = LabelTypeOf(record, model!.Parts.Labels) });
    }

    private static LabelType LabelTypeOf(ModelRecord record, IReadOnlyList<string> labels)
    {
        if (record.LabelType is not { } name)
            return LabelType.Text;
        try
        {
            LabelType type = LabelType.Named(name) ?? throw new FormatException("there is no such type of labels.");
            type.KeyValuesOf(labels);
            return type;
        }
        catch (FormatException e)
        {
            throw new ModelFileException($"The model's record says that its labels ({string.Join(", ", labels.Take(5))}) are of the type '{name}', expected "
                + $"one that they can be read as: {e.Message} Save the model again.", e);
        }
    }

    /// <summary>The columns of a transformer that is not loaded.</summary>
    public static ScoredColumns ReadColumns(ModelLoadContext context) => Format.Load(context, ReadColumns);

    /// <summary>The configuration of a network that is not loaded.</summary>
    public static EncoderConfig ReadConfig(ModelLoadContext context, string location)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        ModelFormat.LoadStream(context, EncoderConfig.FileName, reader =>
            files[EncoderConfig.FileName] = reader.ReadBytes((int)Math.Min(reader.BaseStream.Length, ModelParts.MaxSmallFile)));
        return EncoderConfig.Read(ModelFiles.InMemory(location, files));
    }

    private static ScoredColumns ReadColumns(BinaryReader reader) =>
        new(reader.ReadString(), reader.ReadString() is { Length: > 0 } pair ? pair : null, reader.ReadString(), reader.ReadString());

    private static List<(string Name, int Length)> ReadNames(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count is < 0 or > MaxFiles)
            throw new ModelFileException($"The model file says that it has {count} parts, expected 0 to {MaxFiles}. It is damaged: save the model again.");
        var names = new List<(string, int)>();
        for (int i = 0; i < count; i++)
        {
            (string name, int length) = (reader.ReadString(), reader.ReadInt32());
            if (length is < 0 or > ModelParts.MaxSmallFile)
                throw new ModelFileException($"The model file says that its part '{name}' has {length} bytes, expected at most {ModelParts.MaxSmallFile}. It "
                    + "is damaged: save the model again.");
            names.Add((name, length));
        }
        return names;
    }
}
