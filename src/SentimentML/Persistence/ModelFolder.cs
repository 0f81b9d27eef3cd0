using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Tokenization;
using SentimentML.Training;
using TorchSharp;

namespace SentimentML.Persistence;

/// <summary>Writes a model as a folder that transformers' from_pretrained reads.</summary>
internal static class ModelFolder
{
    /// <summary>
    /// Writes everything beside the folder first. A folder that is not there yet appears whole; in one that is, each file
    /// is replaced whole and config.json last. Another model's tokenizer, adapter and graphs, which would be read with this one, go;
    /// other files stay.
    /// </summary>
    public static void Save(TextClassificationModel model, string folder, WeightType type = WeightType.Float32) => Write(folder,
        [(ModelParts.Weights, stream => model.WriteWeights(stream, type)), .. Small(model.Parts.SmallFiles(type))]);

    /// <summary>Writes a LoRA as peft does, with what the classifier is beside it: config.json, the record and the card.</summary>
    /// <exception cref="SentimentMLException">The folder holds a model's weights, or cannot be written.</exception>
    public static void SaveAdapter(ModelParts parts, TrainedAdapter adapter, string folder, WeightType type)
    {
        RequireNoWeights(folder);
        using DisposeScope scope = torch.NewDisposeScope();
        string backbone = adapter.Backbone ?? parts.Record.Backbone!; // every training names it
        Write(folder,
        [
            .. PeftAdapter.Files(adapter.Tensors(), adapter.Rank, adapter.Alpha, backbone, ModelWeights.DtypeOf(type)),
            .. Small(parts.SmallFiles(adapterOf: backbone)),
        ]);
    }

    /// <summary>Looks at a folder for an adapter.</summary>
    /// <exception cref="SentimentMLException">It holds a model's weights, which the adapter would change when they are read.</exception>
    public static void RequireNoWeights(string folder)
    {
        if (Directory.Exists(folder) && Checkpoint.IsIn(ModelFiles.InFolder(folder)))
            throw new SentimentMLException($"{Path.GetFullPath(folder)} holds a model's weights, expected a folder without for the adapter: it would change "
                + "them when they are read. Name another folder.");
    }

    private static IEnumerable<(string, Action<Stream>)> Small(IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> files) =>
        files.Select(file => (file.Name, (Action<Stream>)(stream => stream.Write(file.Content.Span))));

    private static void Write(string folder, IEnumerable<(string Name, Action<Stream> Write)> contents)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            using var files = new WholeFolder(target);
            foreach ((string name, Action<Stream> write) in contents)
                files.Write(name, write);
            files.Complete([.. TokenizerReader.FileNames, .. PeftAdapter.FileNames, .. GraphFiles.FileNames]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException(
                $"The model cannot be written to {target}: {e.Message} Look for free space and write permission; the model is still in memory.", e);
        }
    }
}
