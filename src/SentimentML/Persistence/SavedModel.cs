using SentimentML.Backbones;
using SentimentML.Backbones.Hub;
using SentimentML.Encoders;
using SentimentML.Evaluation;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Persistence;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML;

/// <summary>
/// A fine-tuned model on disk: a folder as Hugging Face's tools write it, or a zip that ml.Model.Save wrote. Opening it reads
/// what is small; the weights are read when a classifier is made of it.
/// </summary>
public sealed class SavedModel
{
    private readonly Lazy<PretrainedTokenizer> _tokenizer;
    private readonly Lazy<string?> _license;
    private readonly Lazy<TextChain?> _transforms;
    private readonly TweetPreprocessingOptions? _known;

    private SavedModel(string location, ModelFiles files)
    {
        _known = KnownPreprocessing.Of(files);
        Location = location;
        Network = (files as ZippedModel)?.Network;
        _transforms = new Lazy<TextChain?>(() => Network is null ? null : TextChain.Read(location, Network));
        Files = files;
        Config = EncoderConfig.Read(files);
        PeftAdapter.RefuseUnsupported(files);
        Record = ModelRecord.Read(files);
        _tokenizer = new Lazy<PretrainedTokenizer>(() => Pretrained.TokenizerOf(files, Config, read: null));
        _license = new Lazy<string?>(() => Record.License ?? Licence.Of(files));
    }

    /// <summary>The model's full path; of an embedded one the assembly and the prefix of its resources.</summary>
    public string Location { get; }

    /// <summary>Whether the model is an ML.NET zip, and not a folder.</summary>
    public bool IsZip => Network is not null;

    /// <summary>The size of the model's files.</summary>
    public long Bytes => IsZip ? new FileInfo(Location).Length : Files.Names.Sum(name =>
    {
        using MappedFile file = Files.Map(name);
        return file.Length;
    });

    /// <summary>The labels' names, in the order of the logits.</summary>
    public IReadOnlyList<string> Labels => Config.Labels;

    /// <summary>
    /// The transforms of a zip's pipeline that make the text which the network reads, such as TextNormalizingTransformer, in their order:
    /// they are applied to every text. Empty in a folder, and in a zip whose network reads texts as they come.
    /// </summary>
    /// <exception cref="ModelFileException">The transforms cannot be applied to a text alone.</exception>
    public IReadOnlyList<string> TextTransforms => _transforms.Value?.Transforms ?? [];

    /// <summary>How the model was trained and measured; empty for a model that this library did not train.</summary>
    public ModelRecord Record { get; }

    /// <summary>The tokens that a text is cut to, special ones included.</summary>
    public int MaxTokens => Parts.MaxTokens;

    /// <summary>The network's folder inside a zip; null for a folder.</summary>
    internal string? Network { get; }

    /// <summary>Applies <see cref="TextTransforms"/>; null if there are none.</summary>
    internal Func<TextInput, TextInput>? Transforms => _transforms.Value is { } chain ? chain.Apply : null;

    internal ModelFiles Files { get; }

    internal EncoderConfig Config { get; }

    internal PretrainedTokenizer Tokenizer => _tokenizer.Value;

    /// <summary>All but the weights.</summary>
    internal ModelParts Parts => new(Config, Tokenizer, Record);

    /// <summary>The licence that the model's card or record states, such as "apache-2.0"; null if neither does.</summary>
    public string? License => _license.Value;

    /// <summary>Whether <see cref="License"/> says that commercial use is excluded.</summary>
    public bool IsNonCommercial => License is { } license && Licence.IsNonCommercial(license);

    /// <summary>Which sentiment each label stands for: as the record states it, else by the labels' names; null if neither says it.</summary>
    public SentimentMap? Sentiments => Record.SentimentMap ?? SentimentMap.FromNames(Labels);

    /// <summary>
    /// How texts are rewritten before they are tokenized: as the record says, or as the model is known to need it (robertuito of the hub, its
    /// folder in the hub's cache, and adapters of it); null if they are read as they are.
    /// </summary>
    public TweetPreprocessingOptions? Preprocessing => Record.Preprocessing ?? _known;

    /// <summary>Opens a model.</summary>
    /// <param name="path">
    /// A model folder, a zip that ml.Model.Save wrote, or a model on the Hugging Face hub as "organization/name" or
    /// "organization/name@revision", which is downloaded at first use and cached where Hugging Face's tools cache it. A folder or repository
    /// with peft's adapter alone is opened over the model that its configuration names.
    /// </param>
    /// <param name="report">Receives the progress of a download and warnings, in words. The default value is null.</param>
    /// <param name="predictedLabelColumnName">
    /// Which network of a zip with several is meant: the name of its column of answers
    /// (<see cref="SentimentClassificationOptions.PredictedLabelColumnName"/>). The default value is null: the only one.
    /// </param>
    /// <param name="cancellationToken">Cancels a download. The partial file is kept and resumed next time.</param>
    /// <exception cref="ModelFileException">
    /// There is no model at the path, it is damaged, or it holds several networks and none of them is named.
    /// </exception>
    /// <exception cref="HubException">The hub did not give the model.</exception>
    public static SavedModel Open(
        string path, Action<string>? report = null, string? predictedLabelColumnName = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string location = Path.GetFullPath(path);
        if (!Path.Exists(location) && HubReference.TryParse(path) is { } reference)
        {
            Backbone hub = Backbone.FromHub(reference.Id, reference.Revision);
            ModelFiles downloaded = hub.Open(report, cancellationToken);
            return new SavedModel(downloaded.Location, downloaded);
        }
        if (Directory.Exists(location))
            return new SavedModel(location, AdapterFiles.OverBase(ModelFiles.InFolder(location), report, cancellationToken));
        if (!File.Exists(location))
            throw new ModelFileException(
                $"{location} does not exist, expected a model folder, a zip that ml.Model.Save wrote, or a hub id (organization/name).");
        return new SavedModel(location, new ZippedModel(location, predictedLabelColumnName));
    }

    /// <summary>For what is written without the pipeline.</summary>
    /// <exception cref="ModelFileException">The network does not read texts as they come.</exception>
    internal void RequireNoTransforms(string written)
    {
        if (TextTransforms.Count > 0)
            throw new ModelFileException($"{Location}: transforms of the pipeline make the text that the network reads ({string.Join(", ", TextTransforms)}), "
                + $"and {written} would answer without them. "
                + "Apply them to the texts before a training, so that the network reads texts as they come.");
    }

    /// <summary>Opens the ready sentiment model that comes with a backbone.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <exception cref="ArgumentException">The backbone comes without one.</exception>
    public static SavedModel OpenSentimentModel(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        if (!backbone.HasSentimentModel)
            throw new ArgumentException($"The backbone {backbone.Name} comes without a sentiment model, expected one that has it "
                + "(Backbone.HasSentimentModel). Fine-tune it, or open a model by its path or hub id.", nameof(backbone));
        ModelFiles files = backbone.OpenSentimentModel(report: null, CancellationToken.None);
        return new SavedModel(files.Location, files);
    }

    /// <summary>How texts are rewritten: as the caller states, else as the model needs it.</summary>
    internal TweetPreprocessing? PreprocessingFor(TweetPreprocessing? stated) => stated ?? (Preprocessing is { } own ? new TweetPreprocessing(own) : null);

    /// <summary>How the model's logits become an answer.</summary>
    internal AnswerRule Rule(bool? calibrated, SentimentMap? stated, double? unsureBelow) => Parts.Rule(calibrated, Location, stated, unsureBelow ?? 0);

    /// <summary>Why the weights make no classifier, as far as their names and sizes say it; null if they do.</summary>
    internal string? Fault => CheckWeights(out _);

    /// <summary>As <see cref="Fault"/>.</summary>
    /// <param name="unused">Tensors of the weights that the network has no use for, such as a language model's head.</param>
    internal string? CheckWeights(out IReadOnlyList<string> unused)
    {
        unused = [];
        if (IsZip)
            return null; // which holds what was trained
        try
        {
            using StoredNetwork stored = StoredNetwork.OfClassifier(Files, Config);
            unused = stored.Report.Unexpected;
            return null;
        }
        catch (ModelFileException e)
        {
            return e.Message;
        }
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
    internal SequenceClassifier LoadNetwork(Device device, CancellationToken cancellationToken = default) =>
        (Files is ZippedModel zip
            ? zip.Load(Tokenizer, device, cancellationToken)
            : Pretrained.Classifier(Files, device, Tokenizer, cancellationToken)).Network;

    /// <summary>Reads the weights into an engine; the caller disposes it.</summary>
    /// <param name="precision">Any but Auto.</param>
    /// <param name="device">Where the engine computes.</param>
    /// <param name="cancellationToken">Cancels the reading and the calibration.</param>
    /// <exception cref="ModelFileException">The weights are damaged, or have no trained classifier.</exception>
    internal EncoderEngine LoadEngine(InferencePrecision precision, Device device, CancellationToken cancellationToken)
    {
        ModelParts parts = Parts;
        if (IsZip)
        {
            using SequenceClassifier network = LoadNetwork(device, cancellationToken);
            return EncoderEngine.InPlaceOf(network, precision, device, parts.CalibrationIds, Ranges, cancellationToken);
        }
        using StoredNetwork stored = StoredNetwork.OfClassifier(Files, Config);
        return EncoderEngine.From(stored, precision, device, parts.CalibrationIds, Ranges, cancellationToken: cancellationToken);

        RangeCache Ranges() => RangeCache.OfUser(ModelDigest.Of(this, cancellationToken));
    }
}
