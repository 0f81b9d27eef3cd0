using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Persistence;
using static TorchSharp.torch;

namespace SentimentML.Pipeline;

/// <summary>The weights that a training starts from: a backbone's, or a sentiment model's whose labels stand for the training's.</summary>
internal sealed class StartingPoint
{
    private readonly ModelFiles _files;
    private readonly int[]? _places;

    private StartingPoint(ModelFiles files, int[]? places)
    {
        _files = files;
        _places = places;
        var record = ModelRecord.Read(files);
        Recipe = record.FineTuning ?? new BackboneRecipe();
        Preprocessing = record.Preprocessing ?? KnownPreprocessing.Of(files);
        License = record.License ?? Licence.Of(files);
    }

    /// <summary>What suits the weights.</summary>
    public BackboneRecipe Recipe { get; }

    /// <summary>How the weights' texts are rewritten; null if they are read as they are.</summary>
    public TweetPreprocessingOptions? Preprocessing { get; }

    /// <summary>The licence that the weights' record or card states; null if neither does.</summary>
    public string? License { get; }

    /// <summary>Config of the network that is loaded.</summary>
    public EncoderConfig Config => EncoderConfig.Read(_files);

    public PretrainedTokenizer Tokenizer => PretrainedTokenizer.Load(_files);

    /// <summary>The digest of the files.</summary>
    public string Digest(CancellationToken cancellation) => ModelDigest.Of(_files, cancellation);

    /// <summary>Backbone or SentimentModel.</summary>
    public TrainingStart Kind => _places is null ? TrainingStart.Backbone : TrainingStart.SentimentModel;

    /// <summary>Opens what the options ask for.</summary>
    /// <param name="options">What the user asks for.</param>
    /// <param name="labels">The training's labels.</param>
    /// <param name="report">Receives the progress of a download in words.</param>
    /// <exception cref="SentimentMLException">A sentiment model is asked for, and there is none or its labels do not stand for the training's.</exception>
    public static StartingPoint Of(SentimentClassificationOptions options, IReadOnlyList<string> labels, Action<string>? report = null)
    {
        Backbone backbone = options.Backbone;
        if (options.StartFrom == TrainingStart.Backbone || (options.StartFrom == TrainingStart.Auto && !backbone.HasSentimentModel))
            return new StartingPoint(backbone.Open(report, options.CancellationToken), null);
        ModelFiles files = backbone.OpenSentimentModel(report, options.CancellationToken);
        if (Places(labels, files) is { } places)
            return new StartingPoint(files, places);
        return options.StartFrom == TrainingStart.Auto
            ? new StartingPoint(backbone.Open(report, options.CancellationToken), null)
            : throw new SentimentMLException($"The training cannot start from a sentiment model: its labels are {string.Join(", ", labels)}, those of "
                + $"{files.Location} are {string.Join(", ", EncoderConfig.Read(files).Labels)}, "
                + "expected names on both sides that say negative, neutral or positive, each once. Rename the labels, or start from the backbone "
                + $"({options.Names.Name(nameof(options.StartFrom))}).");
    }

    /// <summary>Loads the network.</summary>
    /// <param name="labels">The labels' names.</param>
    /// <param name="seed">What a new head is drawn from.</param>
    /// <param name="device">Where the network goes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Pretrained Load(IReadOnlyList<string> labels, int seed, Device device, CancellationToken cancellationToken) => _places is null
        ? Pretrained.ForLabels(_files, labels, seed, device, cancellationToken)
        : Pretrained.WithLabels(_files, labels, _places, device, cancellationToken);

    /// <summary>Opens the adapter that was merged into the weights; null if there is none. The caller disposes it.</summary>
    /// <param name="network">The network that was loaded.</param>
    /// <param name="report">What came of loading it.</param>
    public PeftAdapter? OpenAdapter(SequenceClassifier network, LoadReport report) =>
        PeftAdapter.IsIn(_files) ? PeftAdapter.Open(_files, network, report) : null;

    /// <summary>For each label of the training the place of the model's label with the same sentiment; null if the names do not say so.</summary>
    private static int[]? Places(IReadOnlyList<string> labels, ModelFiles files)
    {
        IReadOnlyList<string> own = EncoderConfig.Read(files).Labels;
        if (SentimentMap.FromNames(labels) is not { } wanted || (ModelRecord.Read(files).SentimentMap ?? SentimentMap.FromNames(own)) is not { } known)
            return null;
        int[] places = new int[labels.Count];
        for (int label = 0; label < labels.Count; label++)
        {
            Sentiment sentiment = wanted.ByLabel[labels[label]];
            int[] same = [.. Enumerable.Range(0, own.Count).Where(place => known.Find(own[place]) == sentiment)];
            if (same.Length != 1)
                return null;
            places[label] = same[0];
        }
        return places.Distinct().Count() == places.Length ? places : null;
    }
}
