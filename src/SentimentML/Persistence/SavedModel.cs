using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Persistence;
using static TorchSharp.torch;

namespace SentimentML;

/// <summary>
/// A fine-tuned model on disk: a folder as Hugging Face's tools write it, or a zip that ml.Model.Save wrote. Opening it reads
/// what is small; the weights are read when a classifier is made of it.
/// </summary>
public sealed class SavedModel
{
    private readonly Func<Device, CancellationToken, Pretrained> _load;
    private readonly Lazy<PretrainedTokenizer> _tokenizer;

    private SavedModel(string location, bool isZip, ModelFiles files, Func<Device, CancellationToken, Pretrained> load)
    {
        Location = location;
        IsZip = isZip;
        _load = load;
        Config = EncoderConfig.Read(files);
        Record = ModelRecord.Read(files);
        _tokenizer = new Lazy<PretrainedTokenizer>(() => PretrainedTokenizer.Load(files));
    }

    /// <summary>The model's full path.</summary>
    public string Location { get; }

    /// <summary>Whether the model is an ML.NET zip, and not a folder.</summary>
    public bool IsZip { get; }

    /// <summary>The size of the model's files.</summary>
    public long Bytes => IsZip ? new FileInfo(Location).Length : new DirectoryInfo(Location).EnumerateFiles().Sum(file => file.Length);

    /// <summary>The labels' names, in the order of the logits.</summary>
    public IReadOnlyList<string> Labels => Config.Labels;

    /// <summary>How the model was trained and measured; empty for a model that this library did not train.</summary>
    public ModelRecord Record { get; }

    /// <summary>The tokens that a text is cut to, special ones included.</summary>
    public int MaxTokens => Parts.MaxTokens;

    internal EncoderConfig Config { get; }

    internal PretrainedTokenizer Tokenizer => _tokenizer.Value;

    /// <summary>All but the weights.</summary>
    internal ModelParts Parts => new(Config, Tokenizer, Record);

    /// <summary>Opens a model.</summary>
    /// <param name="path">A model folder, or a zip that ml.Model.Save wrote.</param>
    /// <exception cref="ModelFileException">There is no model at the path, or it is damaged.</exception>
    public static SavedModel Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string location = Path.GetFullPath(path);
        if (Directory.Exists(location))
        {
            ModelFiles folder = ModelFiles.InFolder(location);
            return new SavedModel(location, isZip: false, folder, (device, cancellation) => Pretrained.Classifier(folder, device, cancellation));
        }
        if (!File.Exists(location))
            throw new ModelFileException($"{location} does not exist, expected a model folder or a zip that ml.Model.Save wrote.");
        var zip = new ZippedModel(location);
        return new SavedModel(location, isZip: true, zip, zip.Load);
    }

    /// <summary>Numbers in the network, counted without reading them: memory that is not touched is not taken.</summary>
    internal long CountParameters()
    {
        using var network = new SequenceClassifier(Config);
        return network.parameters().Sum(parameter => parameter.numel());
    }

    /// <summary>Reads the weights into a network, in evaluation mode; the caller disposes it.</summary>
    /// <param name="device">Where the network goes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ModelFileException">The weights are damaged, or have no trained classifier.</exception>
    internal SequenceClassifier LoadNetwork(Device device, CancellationToken cancellationToken = default) => _load(device, cancellationToken).Network;
}
