using System.Globalization;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>
/// A network and the files that hold its weights. The caller decides what is read, and when: an engine reads layer by layer, so that it never
/// holds all weights twice. Memory of the network that is never touched is never taken.
/// </summary>
internal sealed class StoredNetwork : IDisposable
{
    private const int LabelsShown = 5;

    private const string SetFitHead = "model_head.pkl";

    private readonly Checkpoint _checkpoint;
    private readonly LoadPlan _plan;
    private readonly PeftAdapter? _adapter;
    private SequenceClassifier? _network;

    private StoredNetwork(ModelFiles files, EncoderConfig config, Checkpoint checkpoint)
    {
        _checkpoint = checkpoint;
        _network = new SequenceClassifier(config);
        try
        {
            _plan = WeightLoader.Plan(checkpoint, Pretrained.Destinations(_network), config.Architecture.Names);
            RefuseMissed(files, config, _plan.Report);
            _adapter = PeftAdapter.IsIn(files) ? PeftAdapter.Open(files, _network, _plan.Report) : null;
        }
        catch
        {
            _network.Dispose();
            throw;
        }
    }

    /// <summary>The network, on the CPU. Disposed with this object, unless it was taken.</summary>
    public SequenceClassifier Network => _network ?? throw new InvalidOperationException("The network was taken.");

    /// <summary>What comes of reading all parameters.</summary>
    public LoadReport Report => _adapter?.Report ?? _plan.Report;

    /// <summary>Opens the weights of a model's files, and its adapter if it has one; names and shapes are checked.</summary>
    /// <param name="files">The model's files.</param>
    /// <param name="config">What config.json says, with the labels that the network is to have.</param>
    /// <exception cref="ModelFileException">The weights are damaged, or of another network.</exception>
    public static StoredNetwork Open(ModelFiles files, EncoderConfig config)
    {
        Checkpoint checkpoint = Checkpoint.Open(files);
        try
        {
            RefuseAbsurdSizes(config, checkpoint);
            return new StoredNetwork(files, config, checkpoint);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Opens a model that was trained to classify.</summary>
    /// <inheritdoc cref="Open" path="/param"/>
    /// <exception cref="ModelFileException">The weights are damaged, of another network, or without a head.</exception>
    public static StoredNetwork OfClassifier(ModelFiles files, EncoderConfig config)
    {
        if (config.OtherTask is { } task)
            throw new ModelFileException($"{files.Location} is a {task}, as {EncoderConfig.FileName}'s architectures say, expected a classifier of "
                + $"whole texts ({config.Architecture.ClassifierName}). Take another model, or fine-tune this one as a backbone.");
        if (Architectures.OwnClass(config.Source) is { } own)
            throw new ModelFileException($"{files.Location} is a {own}, as {EncoderConfig.FileName}'s architectures say, which is not a class of transformers, "
                + $"expected {config.Architecture.ClassifierName}: what it computes with its weights is not known. If it computes as that does, write that "
                + "name there; or fine-tune this model as a backbone.");
        if (config.Labels.GroupBy(label => label, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ModelFileException($"{files.Location}/{EncoderConfig.FileName} names {twice.Count()} labels '{twice.Key}', expected a name of its own "
                + "for each. Correct id2label.");
        StoredNetwork stored = Open(files, config);
        if (stored.Report is { NewlyInitialized.Count: 0, Mismatched.Count: 0 })
            return stored;
        LoadReport report = stored.Report;
        stored.Dispose();
        if (report is { NewlyInitialized.Count: 0, Mismatched: [var other, ..] })
            throw new ModelFileException($"{files.Location}: {other.Name} has {other.Found[0]} labels, {EncoderConfig.FileName} names {config.Labels.Count} "
                + $"({string.Join(", ", config.Labels.Take(LabelsShown).Select(Quoted.Name))}), expected a name for each. Correct id2label.");
        if (report.NewlyInitialized.Intersect(report.Unexpected, StringComparer.Ordinal).FirstOrDefault() is { } outside)
            throw new ModelFileException($"{files.Location}: the weights are of a class of its own, which has the encoder in a part "
                + $"({Quoted.Name(report.Renamed[0].InCheckpoint)}) and {Quoted.Name(outside)} beside it. What that class computes between the two is not "
                + $"known. Save the model in Python as {config.Architecture.ClassifierName}, if it computes as that does.");
        throw new ModelFileException($"{files.Location} has no trained classifier for its {config.Labels.Count} labels "
            + $"(missing: {string.Join(", ", report.NewlyInitialized.Concat(report.Mismatched.Select(tensor => tensor.Name)))}). It is a backbone: "
            + "fine-tune it first."
            + (files.Contains(SetFitHead) ? $" Its head, {SetFitHead}, is scikit-learn's, as SetFit saves it, and cannot be read." : "")
            + (report.Unexpected.Count > 0
                ? $" The weights have also what no head here is made of: {string.Join(", ", report.Unexpected.Take(LabelsShown).Select(Quoted.Name))}." : ""));
    }

    /// <summary>Reads parameters, over all cores; what the files do not have of the head stays as it is.</summary>
    /// <param name="parameters">The parameters' names in the network, and what is filled: on the CPU, of the parameter's shape.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public void Read(IEnumerable<(string Name, Tensor Values)> parameters, CancellationToken cancellationToken)
    {
        (string Name, Tensor Values)[] all = [.. parameters];
        _plan.Copy(Pretrained.Destinations(all), cancellationToken);
        foreach ((string name, Tensor values) in all)
            _adapter?.Merge(name, values);
    }

    /// <inheritdoc cref="Checkpoint.ReleasePages"/>
    public void ReleasePages() => _checkpoint.ReleasePages();

    /// <summary>The network, which the caller disposes.</summary>
    public SequenceClassifier Take()
    {
        SequenceClassifier network = Network;
        _network = null;
        return network;
    }

    public void Dispose()
    {
        _network?.Dispose();
        _adapter?.Dispose();
        _checkpoint.Dispose();
    }

    /// <summary>
    /// What the encoder and a head have besides a network's parameters changes what they compute: adapters that were not merged, or another
    /// architecture's parts. Further layers are another matter: a configuration with fewer cuts a network to its first ones, in transformers too.
    /// </summary>
    private static void RefuseMissed(ModelFiles files, EncoderConfig config, LoadReport report)
    {
        string inLayer = $".{config.Architecture.Names.Layers}.";
        string[] missed = [.. report.Unexpected.Where(name => LayerOf($".{name}") is { } layer ? layer < config.Layers : report.Missed.Contains(name))];
        if (missed.Length == 0)
            return;
        throw new ModelFileException($"{files.Location}: the weights have {missed.Length} tensors that a network as {EncoderConfig.FileName} "
            + $"describes it has no use for ({string.Join(", ", missed.Take(LabelsShown).Select(Quoted.Name))}). Without them it would "
            + "give other answers. If they are an adapter's, merge it in Python (merge_and_unload), and save the model again.");

        int? LayerOf(string name)
        {
            int at = name.IndexOf(inLayer, StringComparison.Ordinal);
            ReadOnlySpan<char> behind = at < 0 ? [] : name.AsSpan(at + inLayer.Length);
            int end = behind.IndexOf('.');
            return end > 0 && int.TryParse(behind[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int layer) ? layer : null;
        }
    }

    /// <summary>Before memory is taken for what config.json says: the weights have to be there in about that number.</summary>
    private static void RefuseAbsurdSizes(EncoderConfig config, Checkpoint checkpoint)
    {
        long stored = checkpoint.Tensors.Values.Sum(tensor => tensor.StoredCount);
        if (config.EncoderParameters / 2 > stored)
            throw new ModelFileException($"{checkpoint.Path} holds {stored} numbers, but config.json describes a network of {config.EncoderParameters} or "
                + "more. The files are not of one model: download them again.");
    }
}
