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
        Pretrained loaded = Load(files, EncoderConfig.Read(files), cancellationToken, tokenizer);
        if (loaded.Report.NewlyInitialized.Count > 0 || loaded.Report.Mismatched.Count > 0)
        {
            loaded.Network.Dispose();
            throw new ModelFileException($"{files.Location} has no trained classifier for its {loaded.Network.Config.Labels.Count} labels "
                + $"(missing: {string.Join(", ", loaded.Report.NewlyInitialized.Concat(loaded.Report.Mismatched.Select(m => m.Name)))}). It is a backbone: "
                + "fine-tune it first.");
        }
        return loaded.ReadyOn(device);
    }

    /// <summary>The same, where the weights come as a stream of a safetensors file that this library wrote.</summary>
    public static Pretrained Classifier(
        ModelFiles files, Stream weights, Device device, PretrainedTokenizer? tokenizer = null, CancellationToken cancellationToken = default)
    {
        EncoderConfig config = EncoderConfig.Read(files);
        return Build(config, TokenizerOf(files, config, tokenizer), network =>
            SafetensorsStream.Load(weights, $"{files.Location}/{Checkpoint.Safetensors}", Destinations(network), cancellationToken)).ReadyOn(device);
    }

    private static Pretrained Load(ModelFiles files, EncoderConfig config, CancellationToken cancellationToken, PretrainedTokenizer? read = null)
    {
        PretrainedTokenizer tokenizer = TokenizerOf(files, config, read);
        using Checkpoint checkpoint = Checkpoint.Open(files);
        RefuseAbsurdSizes(config, checkpoint);
        return Build(config, tokenizer, network =>
        {
            LoadReport report = WeightLoader.Load(checkpoint, Destinations(network), config.Architecture.Names, cancellationToken);
            return PeftAdapter.IsIn(files) ? PeftAdapter.Merge(files, network, report) : report;
        });
    }

    private static PretrainedTokenizer TokenizerOf(ModelFiles files, EncoderConfig config, PretrainedTokenizer? read)
    {
        PretrainedTokenizer tokenizer = read ?? PretrainedTokenizer.Load(files);
        return tokenizer.VocabularySize <= config.VocabularySize ? tokenizer
            : throw new ModelFileException($"{files.Location}: the tokenizer has {tokenizer.VocabularySize} entries, config.json's vocab_size is "
                + $"{config.VocabularySize}. The files are not of one model: download them again.");
    }

    private static Pretrained Build(EncoderConfig config, PretrainedTokenizer tokenizer, Func<SequenceClassifier, LoadReport> fill)
    {
        var network = new SequenceClassifier(config);
        try
        {
            return new Pretrained(network, tokenizer, fill(network));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private Pretrained ReadyOn(Device device)
    {
        Network.to(device);
        Network.eval();
        return this;
    }

    /// <summary>Where each parameter of a network on the CPU lies in memory.</summary>
    public static unsafe Dictionary<string, Destination> Destinations(nn.Module network) =>
        network.named_parameters().ToDictionary(p => p.name, p => new Destination(Data(p.parameter), p.parameter.shape));

    /// <summary>Tensors do not move, so the address holds as long as the parameter lives.</summary>
    private static unsafe float* Data(Parameter parameter)
    {
        fixed (byte* data = parameter.bytes)
            return (float*)data;
    }

    /// <summary>Before memory is taken for what config.json says: the weights have to be there in about that number.</summary>
    private static void RefuseAbsurdSizes(EncoderConfig config, Checkpoint checkpoint)
    {
        long stored = checkpoint.Tensors.Values.Sum(tensor => tensor.Count);
        if (config.EncoderParameters / 2 > stored)
            throw new ModelFileException($"{checkpoint.Path} holds {stored} numbers, but config.json describes a network of {config.EncoderParameters} or "
                + "more. The files are not of one model: download them again.");
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
