using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>A network and its tokenizer, filled from a model's files as transformers' from_pretrained fills them.</summary>
internal sealed record Pretrained(SequenceClassifier Network, PretrainedTokenizer Tokenizer, LoadReport Report)
{
    /// <summary>
    /// Loads a backbone for classification. A head that the files have for as many labels is kept; otherwise what they lack of it
    /// is new, its matrices drawn from N(0, initializer_range) by the seed, its biases zero.
    /// </summary>
    /// <param name="files">The model's files.</param>
    /// <param name="labels">The labels' names.</param>
    /// <param name="seed">What a new head is drawn from.</param>
    /// <param name="device">Where the network goes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static Pretrained ForLabels(ModelFiles files, IReadOnlyList<string> labels, int seed, Device device, CancellationToken cancellationToken = default)
    {
        EncoderConfig config = EncoderConfig.Read(files) with { Labels = labels, Problem = ProblemType.SingleLabel };
        Pretrained loaded = Load(files, config, cancellationToken);
        Draw(loaded.Network, [.. loaded.Report.NewlyInitialized, .. loaded.Report.Mismatched.Select(tensor => tensor.Name)], seed);
        loaded.Network.to(device);
        return loaded;
    }

    /// <summary>Loads a model that was trained to classify, with some of its labels under other names.</summary>
    /// <param name="files">The model's files.</param>
    /// <param name="labels">The new labels' names.</param>
    /// <param name="places">For each of them the place of the model's own label that it stands for.</param>
    /// <param name="device">Where the network goes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static Pretrained WithLabels(
        ModelFiles files, IReadOnlyList<string> labels, IReadOnlyList<int> places, Device device, CancellationToken cancellationToken = default)
    {
        Pretrained loaded = Classifier(files, CPU, cancellationToken: cancellationToken);
        using SequenceClassifier whole = loaded.Network;
        var network = new SequenceClassifier(whole.Config with { Labels = labels, Problem = ProblemType.SingleLabel });
        using var _ = no_grad();
        using Tensor rows = tensor(places.Select(place => (long)place).ToArray());
        foreach (((string name, Parameter to), (string _, Parameter from)) in network.named_parameters().Zip(whole.named_parameters()))
        {
            using Tensor kept = whole.Config.Architecture.Names.IsPerLabel(name) ? from.index_select(0, rows) : from.alias();
            to.copy_(kept);
        }
        network.to(device);
        return loaded with { Network = network };
    }

    /// <summary>Loads a model that was trained to classify, head and all.</summary>
    /// <param name="files">The model's files.</param>
    /// <param name="device">Where the network goes.</param>
    /// <param name="tokenizer">The files' tokenizer, if it was read. The default value is null: it is read here.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ModelFileException">It has no head.</exception>
    public static Pretrained Classifier(ModelFiles files, Device device, PretrainedTokenizer? tokenizer = null, CancellationToken cancellationToken = default)
    {
        EncoderConfig config = EncoderConfig.Read(files);
        tokenizer = TokenizerOf(files, config, tokenizer);
        using StoredNetwork stored = StoredNetwork.OfClassifier(files, config);
        return Read(stored, tokenizer, cancellationToken).ReadyOn(device);
    }

    /// <summary>The same, where the weights come as a stream of a safetensors file that this library wrote.</summary>
    public static Pretrained Classifier(
        ModelFiles files, Stream weights, Device device, PretrainedTokenizer? tokenizer = null, CancellationToken cancellationToken = default)
    {
        EncoderConfig config = EncoderConfig.Read(files);
        tokenizer = TokenizerOf(files, config, tokenizer);
        var network = new SequenceClassifier(config);
        try
        {
            LoadReport report = SafetensorsStream.Load(weights, $"{files.Location}/{Checkpoint.Safetensors}", Destinations(network), cancellationToken);
            return new Pretrained(network, tokenizer, report).ReadyOn(device);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static Pretrained Load(ModelFiles files, EncoderConfig config, CancellationToken cancellationToken)
    {
        PretrainedTokenizer tokenizer = TokenizerOf(files, config, read: null);
        using StoredNetwork stored = StoredNetwork.Open(files, config);
        return Read(stored, tokenizer, cancellationToken);
    }

    private static Pretrained Read(StoredNetwork stored, PretrainedTokenizer tokenizer, CancellationToken cancellationToken)
    {
        stored.Read(stored.Network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), cancellationToken);
        return new Pretrained(stored.Take(), tokenizer, stored.Report);
    }

    /// <summary>A model's tokenizer, which has to fit its network; a text with a token that the tokenizer alone has is refused.</summary>
    /// <param name="files">The model's files.</param>
    /// <param name="config">The network's.</param>
    /// <param name="read">The tokenizer, if it was read; null: it is read here.</param>
    /// <exception cref="ModelFileException">It puts tokens around every text that the network does not have.</exception>
    public static PretrainedTokenizer TokenizerOf(ModelFiles files, EncoderConfig config, PretrainedTokenizer? read)
    {
        PretrainedTokenizer tokenizer = read ?? PretrainedTokenizer.Load(files);
        return tokenizer.For(config.VocabularySize)
            ?? throw new ModelFileException($"{files.Location}: the tokenizer has {tokenizer.VocabularySize} entries, config.json's vocab_size is "
                + $"{config.VocabularySize}. The files are not of one model: download them again.");
    }

    private Pretrained ReadyOn(Device device)
    {
        Network.to(device);
        Network.eval();
        return this;
    }

    /// <summary>Where each parameter of a network on the CPU lies in memory.</summary>
    public static Dictionary<string, Destination> Destinations(nn.Module network) =>
        Destinations(network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));

    /// <summary>Where tensors on the CPU, row-major, lie in memory.</summary>
    public static unsafe Dictionary<string, Destination> Destinations(IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        tensors.ToDictionary(t => t.Name, t => new Destination(Data(t.Tensor), t.Tensor.shape), StringComparer.Ordinal);

    /// <summary>Tensors do not move, so the address holds as long as the tensor lives.</summary>
    private static unsafe float* Data(Tensor tensor)
    {
        fixed (byte* data = tensor.bytes)
            return (float*)data;
    }

    private static void Draw(SequenceClassifier network, IReadOnlyCollection<string> names, int seed)
    {
        using var _ = no_grad();
        using var generator = new Generator((ulong)seed, CPU);
        foreach ((string name, Parameter parameter) in network.named_parameters().Where(p => names.Contains(p.name)))
        {
            if (name.EndsWith(".bias", StringComparison.Ordinal))
                parameter.zero_();
            else if (parameter.dim() == 1)
                parameter.fill_(1); // a norm
            else
                parameter.normal_(0, network.Config.InitializerRange, generator);
        }
    }
}
