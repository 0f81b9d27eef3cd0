using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using SentimentML.Backbones;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>
/// A LoRA adapter as peft saves it: what a fine-tuning added to some matrices of a network, and the parameters that it replaced, such
/// as the head. Follows peft's LoraConfig and get_peft_model_state_dict; merged into the network as merge_and_unload does.
/// </summary>
internal sealed partial class PeftAdapter : IDisposable
{
    public const string ConfigFile = AdapterFiles.Config, WeightsFile = "adapter_model.safetensors";

    /// <summary>The weights' file of older versions of peft.</summary>
    private const string PyTorchFile = "adapter_model.bin";

    public static readonly IReadOnlyList<string> FileNames = [ConfigFile, WeightsFile, PyTorchFile];

    /// <summary>What peft's wrapper puts in front of the model's own names.</summary>
    private const string Prefix = "base_model.model.";

    /// <summary>What stands there in files of other programs: parts of the prefix, some more than once, and PyTorch's wrapper of several devices.</summary>
    private static readonly string[] Prefixes = ["base_model.", "module."];

    /// <summary>Of the prefix, and the name of the encoder in some architectures and in classes of a program's own.</summary>
    private const string ModelPrefix = "model.";

    private const string FirstMatrix = ThinMatrices.FirstEnding, SecondMatrix = ThinMatrices.SecondEnding;

    /// <summary>DoRA's length of each row of a matrix (arXiv:2402.09353); a ".weight" follows where another program saved the adapter.</summary>
    private const string Magnitude = ".lora_magnitude_vector";

    /// <summary>What peft's wrappers put into the names of what is inside them: of a module that is replaced, and of one with matrices beside it.</summary>
    private const string Replaced = ".modules_to_save", Wrapped = ".base_layer";

    /// <summary>A module as it was before it was replaced; its biases are saved with all others.</summary>
    private const string Original = ".original_module.";

    private const string MergeInstead = "Merge it into its model with peft's merge_and_unload, and save that.";

    /// <summary>Kinds of adapters that add tokens or parts, which no matrix of the network can take up.</summary>
    private static readonly string[] Unmergeable =
        ["PROMPT_TUNING", "MULTITASK_PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING", "ADAPTION_PROMPT", "CPT", "XLORA"];

    /// <summary>Initializations that leave the network's weights as they are. peft repeats the others when it loads an adapter.</summary>
    private static readonly string[] PlainInitializations = ["gaussian", "eva", "orthogonal", "mica", "lora_ga"];

    /// <summary>What else peft's LoraConfig has that changes what an adapter computes.</summary>
    private static readonly string[] Variants =
    [
        "layer_replication", "target_parameters", "trainable_token_indices", "lora_bias", "alora_invocation_tokens", "use_qalora", "use_bdlora",
        "arrow_config", "kasa_config", "monteclora_config", "velora_config",
    ];

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n" };

    private readonly Checkpoint _stored;
    private readonly Dictionary<string, CheckpointTensor> _replaced = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Product> _products = new(StringComparer.Ordinal);

    /// <summary>Whether the files hold an adapter beside the weights that it changes.</summary>
    public static bool IsIn(ModelFiles files) => files.Contains(ConfigFile);

    /// <summary>How many labels a head has that an adapter brings; null if it brings none.</summary>
    /// <param name="files">Files with an adapter.</param>
    /// <param name="names">What the parts of the network are called that it was trained on.</param>
    /// <exception cref="ModelFileException">The weights are damaged.</exception>
    public static int? LabelsOf(ModelFiles files, CheckpointNames names)
    {
        if (WeightsIn(files) is not { } weights)
            return null;
        using Checkpoint stored = Checkpoint.Open(files, weights);
        return (int?)stored.Tensors.Values.FirstOrDefault(tensor => tensor.Shape.Length == 2 && NamesOf(tensor.Name).Any(names.IsPerLabel))?.Shape[0];
    }

    /// <exception cref="ModelFileException">The files hold an adapter that is damaged, or of a kind that is not supported.</exception>
    public static void RefuseUnsupported(ModelFiles files)
    {
        if (IsIn(files))
            ReadConfig(files);
    }

    /// <summary>Opens the adapter of files that hold one.</summary>
    /// <param name="files">Files with an adapter.</param>
    /// <param name="network">The network that it was trained on.</param>
    /// <param name="report">What came of loading the network's weights.</param>
    /// <exception cref="ModelFileException">The adapter is damaged, of another network, or of a kind that is not supported.</exception>
    public static PeftAdapter Open(ModelFiles files, SequenceClassifier network, LoadReport report)
    {
        Config config = ReadConfig(files);
        string weights = WeightsIn(files)
            ?? throw new ModelFileException($"{files.Location} has {ConfigFile} and neither {WeightsFile} nor {PyTorchFile}. Copy the adapter's weights there; "
                + $"or, if they are merged into the model's already, delete {ConfigFile}.");
        Checkpoint stored = Checkpoint.Open(files, weights);
        try
        {
            return new PeftAdapter(stored, config, network, report);
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    private PeftAdapter(Checkpoint stored, Config config, SequenceClassifier network, LoadReport report)
    {
        _stored = stored;
        Base = config.BaseModelNameOrPath;
        Dictionary<string, long[]> shapes = network.named_parameters().ToDictionary(p => p.name, p => p.parameter.shape, StringComparer.Ordinal);
        var mismatched = new List<MismatchedTensor>();
        WeightLoader.RefuseQuantized(stored.Tensors.Values);
        Dictionary<string, CheckpointTensor> tensors = Named(stored);
        foreach ((string own, CheckpointTensor tensor) in tensors)
        {
            string[] endings = config.UseDora ? [SecondMatrix, Magnitude, Magnitude + ".weight"] : [SecondMatrix];
            if (endings.FirstOrDefault(ending => own.EndsWith(ending, StringComparison.Ordinal)) is { } ending)
            {
                Partner(stored, tensors, own, ending, FirstMatrix); // with which it is added
                continue;
            }
            if (own.Contains(Original, StringComparison.Ordinal) || IsSecondCopy(tensors, own))
                continue;
            bool isFirst = own.EndsWith(FirstMatrix, StringComparison.Ordinal);
            if (!isFirst && own.Contains(".lora_", StringComparison.Ordinal))
                throw new ModelFileException($"{stored.Path}: {Quoted.Name(tensor.Name)} is of a kind of LoRA that is not supported, expected "
                    + $"pairs of {FirstMatrix[1..]} and {SecondMatrix[1..]}. {MergeInstead}");
            string[] stated = [.. NamesOf(isFirst ? own[..^FirstMatrix.Length] + ".weight" : own)];
            string name = stated.SelectMany(network.Config.Architecture.Names.InNetwork).FirstOrDefault(shapes.ContainsKey) ?? stated[0];
            if (!shapes.TryGetValue(name, out long[]? shape))
                throw new ModelFileException($"{stored.Path}: {Quoted.Name(tensor.Name)} belongs to {Quoted.Name(name)}, which the network does not have. The "
                    + "adapter was trained on another network: download both from one place.");
            if (isFirst ? _products.ContainsKey(name) : _replaced.ContainsKey(name))
                throw new ModelFileException($"{stored.Path} has two tensors for {Quoted.Name(name)}, expected one. The file is damaged: download it again.");
            if (isFirst)
                _products.Add(name, ProductOf(stored, tensors, config, own, stated[0][..^".weight".Length], shape));
            else if (tensor.Shape.AsSpan().SequenceEqual(shape))
                _replaced.Add(name, tensor);
            else if (network.Config.Architecture.Names.IsPerLabel(name))
                mismatched.Add(new MismatchedTensor(name, shape, tensor.Shape));
            else
                throw Unfit(tensor, TensorShape.Format(shape));
        }
        Report = report with
        {
            Loaded = [.. report.Loaded.Union(_replaced.Keys).Order(StringComparer.Ordinal)],
            NewlyInitialized = [.. report.NewlyInitialized.Except(_replaced.Keys).Except(mismatched.Select(tensor => tensor.Name))],
            Mismatched = [.. report.Mismatched.Where(tensor => !_replaced.ContainsKey(tensor.Name)), .. mismatched],
        };
    }

    /// <summary>The report of the network's weights with what the adapter replaces.</summary>
    public LoadReport Report { get; }

    /// <summary>The model that it changes, as its configuration names it.</summary>
    public string? Base { get; }

    /// <summary>The names of the network's parameters that it replaces.</summary>
    public IEnumerable<string> ReplacedParameters => _replaced.Keys;

    /// <summary>Whether rows of a matrix get a length of their own (DoRA).</summary>
    public bool ScalesRows => _products.Values.Any(product => product.Magnitude is not null);

    /// <summary>What it adds to matrices.</summary>
    /// <param name="scale">What the products of all are to be scaled by.</param>
    public IEnumerable<ThinMatrices> Products(double scale) => _products.Select(
        p => new ThinMatrices(p.Key[..^".weight".Length], Values(p.Value.First), Values(p.Value.Second).Times(p.Value.Scale / scale)));

    /// <summary>Merges what the adapter has for a parameter.</summary>
    /// <param name="name">The parameter's name in the network.</param>
    /// <param name="values">Its values that the adapter was trained on, on the CPU.</param>
    public void Merge(string name, Tensor values)
    {
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        if (_replaced.TryGetValue(name, out CheckpointTensor? replaced))
            values.copy_(Values(replaced));
        if (!_products.TryGetValue(name, out Product? product))
            return;
        values.Add(Values(product.Second).matmul(Values(product.First)), product.Scale);
        if (product.Magnitude is { } lengths)
            values.mul_(Values(lengths).unsqueeze(1) / values.square().sum(1, keepdim: true).sqrt());
    }

    public void Dispose() => _stored.Dispose();

    /// <summary>The files of an adapter, which peft reads too.</summary>
    /// <param name="trained">LoRA's matrices and the replaced parameters, float32, by their names in the network.</param>
    /// <param name="rank">Rows of A, columns of B.</param>
    /// <param name="alpha">What their product is scaled by, over the rank.</param>
    /// <param name="backbone">The name of the network that the adapter changes.</param>
    /// <param name="dtype">The type of numbers that is written.</param>
    public static IReadOnlyList<(string Name, Action<Stream> Write)> Files(
        IReadOnlyList<(string Name, Tensor Values)> trained, int rank, double alpha, string? backbone, CheckpointDtype dtype)
    {
        var config = new Config
        {
            PeftType = "LORA",
            BaseModelNameOrPath = backbone,
            R = rank,
            LoraAlpha = alpha,
            TargetModules = Modules(
                trained.Select(t => t.Name).Where(name => name.EndsWith(FirstMatrix, StringComparison.Ordinal)).Select(name => name[..^FirstMatrix.Length])),
            ModulesToSave = Modules(
                trained.Select(t => t.Name).Where(name => !name.Contains(".lora_", StringComparison.Ordinal)).Select(name => name[..name.LastIndexOf('.')])),
        };
        return
        [
            (ConfigFile, stream => JsonSerializer.Serialize(stream, config, Json)),
            (WeightsFile, stream => SafetensorsWriter.Write(stream, SafetensorsEntry.Of(trained.Select(t => (Prefix + t.Name, t.Values)), dtype))),
        ];
    }

    private static string[] Modules(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <param name="stored">The adapter's weights.</param>
    /// <param name="tensors">They by their names.</param>
    /// <param name="config">The adapter's configuration.</param>
    /// <param name="own">The name of the first of two thin matrices.</param>
    /// <param name="module">The name of the module that they are beside, as the patterns of ranks mean it.</param>
    /// <param name="shape">The shape of the module's own matrix.</param>
    private static Product ProductOf(
        Checkpoint stored, Dictionary<string, CheckpointTensor> tensors, Config config, string own, string module, long[] shape)
    {
        CheckpointTensor first = tensors[own], second = Partner(stored, tensors, own, FirstMatrix, SecondMatrix);
        int rank = OfPattern(config.RankPattern, module) ?? config.R;
        if (shape.Length != 2 || !first.Shape.AsSpan().SequenceEqual([rank, shape[1]]))
            throw Unfit(first, $"[{rank}, {shape[^1]}]");
        if (!second.Shape.AsSpan().SequenceEqual([shape[0], rank]))
            throw Unfit(second, $"[{shape[0]}, {rank}]");
        CheckpointTensor? lengths = !config.UseDora ? null
            : tensors.GetValueOrDefault(own[..^FirstMatrix.Length] + Magnitude + ".weight") ?? Partner(stored, tensors, own, FirstMatrix, Magnitude);
        if (lengths is not null && !lengths.Shape.AsSpan().SequenceEqual([shape[0]]))
            throw Unfit(lengths, $"[{shape[0]}]");
        return new Product(first, second, lengths, (OfPattern(config.AlphaPattern, module) ?? config.LoraAlpha) / (config.UseRslora ? Math.Sqrt(rank) : rank));
    }

    /// <summary>The value of the first key that the end of a module's name matches, from a dot on or whole, as peft's get_pattern_key finds it.</summary>
    private static T? OfPattern<T>(OrderedDictionary<string, T>? patterns, string module)
        where T : struct
    {
        foreach ((string key, T value) in patterns ?? [])
            if (PatternOf(key).IsMatch(module))
                return value;
        return null;
    }

    /// <summary>A regular expression of another's file: one whose time grows with the text's length alone.</summary>
    private static Regex PatternOf(string key) => new($@"^(?:(.*\.)?({key})$)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>peft saves a replaced module's bias a second time, under its wrapper's name, where it saves all biases.</summary>
    private static bool IsSecondCopy(Dictionary<string, CheckpointTensor> tensors, string name) =>
        name.Contains(Replaced + ".", StringComparison.Ordinal) && WithoutReplaced(name).Any(tensors.ContainsKey);

    /// <summary>What belongs to a thin matrix: the other one, or the lengths of the rows.</summary>
    private static CheckpointTensor Partner(
        Checkpoint stored, Dictionary<string, CheckpointTensor> tensors, string own, string ending, string otherEnding)
    {
        string name = own[..^ending.Length] + otherEnding;
        return tensors.TryGetValue(name, out CheckpointTensor? other) ? other
            : throw new ModelFileException($"{stored.Path} holds {Quoted.Name(tensors[own].Name)} without {Quoted.Name(name)}. The file is damaged: download "
                + "it again.");
    }

    private static unsafe Tensor Values(CheckpointTensor tensor)
    {
        Tensor values = empty([.. tensor.Shape]);
        fixed (byte* bytes = values.bytes)
            tensor.CopyTo((float*)bytes, values.numel());
        return values;
    }

    private static string? WeightsIn(ModelFiles files) => new[] { WeightsFile, PyTorchFile }.FirstOrDefault(files.Contains);

    /// <summary>The tensors by the names that peft saves them under: a state dict has the adapter's own name in those of its matrices.</summary>
    private static Dictionary<string, CheckpointTensor> Named(Checkpoint stored)
    {
        var tensors = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        foreach (CheckpointTensor tensor in stored.Tensors.Values)
        {
            string name = AdapterName().Replace(tensor.Name, "");
            if (!tensors.TryAdd(name, tensor))
                throw new ModelFileException($"{stored.Path} has {Quoted.Name(tensors[name].Name)} and {Quoted.Name(tensor.Name)}, expected one adapter. Save "
                    + "the one that you want by peft's save_pretrained.");
        }
        return tensors;
    }

    [GeneratedRegex(@"(?<=\.lora_(A|B|magnitude_vector))\.[^.]+(?=\.weight$)|(?<=\.lora_magnitude_vector)\.(?!weight$)[^.]+$", RegexOptions.CultureInvariant)]
    private static partial Regex AdapterName();

    /// <summary>What the network may call a tensor of the adapter: first as peft names it, then with less in front.</summary>
    private static IEnumerable<string> NamesOf(string name)
    {
        string inside = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        while (Prefixes.FirstOrDefault(prefix => inside.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix)
            inside = inside[prefix.Length..];
        while (true)
        {
            foreach (string bare in WithoutReplaced(inside.Replace(Wrapped, "", StringComparison.Ordinal)))
                yield return bare;
            if (!inside.StartsWith(ModelPrefix, StringComparison.Ordinal))
                yield break;
            inside = inside[ModelPrefix.Length..];
        }
    }

    /// <summary>A name without the wrapper of a module that is replaced, and without the adapter's name, which may follow that.</summary>
    private static IEnumerable<string> WithoutReplaced(string name)
    {
        yield return name.Replace(Replaced, "", StringComparison.Ordinal);
        int at = name.IndexOf(Replaced + ".", StringComparison.Ordinal), behind = at < 0 ? -1 : name.IndexOf('.', at + Replaced.Length + 1);
        if (behind >= 0)
            yield return name[..at] + name[behind..];
    }

    private static ModelFileException Unfit(CheckpointTensor tensor, string expected) =>
        new($"{tensor.FilePath}: {Quoted.Name(tensor.Name)} is {TensorShape.Format(tensor.Shape.AsSpan())}, expected {expected}. The adapter was trained on "
            + "another network, or adapter_config.json is another adapter's: download them together.");

    private static Config ReadConfig(ModelFiles files)
    {
        string path = $"{files.Location}/{ConfigFile}";
        try
        {
            Config config = JsonSerializer.Deserialize<Config>(files.ReadJson(ConfigFile), Json)
                ?? throw new JsonException("the outermost value is null, expected an object.");
            if (config is { PeftType: null, R: 0, LoraAlpha: 0 })
                throw new ModelFileException($"{path} has neither peft_type nor r, expected what peft saves. The library adapters writes a file of this name "
                    + "too: merge such an adapter in Python, and save the model.");
            string? unsupported =
                config.PeftType is { } kind && kind != "LORA" ? $"peft_type {kind}"
                : config.Bias is not ("none" or "all" or "lora_only") ? $"bias {config.Bias}"
                : config.Others?.GetValueOrDefault("init_lora_weights") is { ValueKind: JsonValueKind.String } initialization
                    && !PlainInitializations.Contains(initialization.GetString(), StringComparer.OrdinalIgnoreCase)
                    ? $"init_lora_weights {initialization} (it changes the network's weights)"
                : Variants.FirstOrDefault(key => config.Others is { } others && others.TryGetValue(key, out JsonElement value) && IsStated(value));
            if (unsupported is not null)
                throw new ModelFileException($"{path} asks for {unsupported}, which is not supported; expected a LORA adapter, with DoRA or without. "
                    + (Unmergeable.Contains(config.PeftType) ? "An adapter of this kind cannot be merged: train LoRA, or take another model." : MergeInstead));
            if (config.R < 1 || !(config.LoraAlpha > 0) || !double.IsFinite(config.LoraAlpha))
                throw new JsonException(FormattableString.Invariant($"r is {config.R} and lora_alpha {config.LoraAlpha}, expected numbers above 0."));
            foreach ((string key, int rank) in config.RankPattern ?? [])
                if (rank < 1)
                    throw new JsonException($"rank_pattern has the rank {rank} for {Quoted.Name(key)}, expected a number above 0.");
            foreach (string key in (config.RankPattern?.Keys ?? Enumerable.Empty<string>()).Concat(config.AlphaPattern?.Keys ?? Enumerable.Empty<string>()))
                RefuseUnreadable(path, key);
            return config;
        }
        catch (JsonException e)
        {
            throw new ModelFileException($"{path} is damaged: {e.Message} Download it again.", e);
        }
    }

    private static void RefuseUnreadable(string path, string key)
    {
        try
        {
            PatternOf(key);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException) // no expression; one that looks ahead or back
        {
            throw new ModelFileException($"{path} has a pattern for {Quoted.Name(key)}, expected a module's name or a regular expression without lookaround "
                + $"({e.Message.Split('\n')[0]}). {MergeInstead}", e);
        }
    }

    /// <summary>Whether a key says more than its absence.</summary>
    private static bool IsStated(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => true,
    };

    /// <summary>What is added to a matrix: the second thin one times the first, scaled. With DoRA each row of the sum then gets a length of its own.</summary>
    private sealed record Product(CheckpointTensor First, CheckpointTensor Second, CheckpointTensor? Magnitude, double Scale);

    /// <summary>The keys of peft's LoraConfig that matter for merging.</summary>
    private sealed record Config
    {
        public string? PeftType { get; init; }
        public string TaskType { get; init; } = "SEQ_CLS";
        public string? BaseModelNameOrPath { get; init; }
        public int R { get; init; }
        public double LoraAlpha { get; init; }
        public double LoraDropout { get; init; }
        public string Bias { get; init; } = "none";
        public bool FanInFanOut { get; init; }
        public bool UseDora { get; init; }
        public bool UseRslora { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public OrderedDictionary<string, int>? RankPattern { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public OrderedDictionary<string, double>? AlphaPattern { get; init; }

        // peft accepts a list or a regular expression here; the tensors say the same.
        public object? TargetModules { get; init; }
        public object? ModulesToSave { get; init; }

        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Others { get; init; }
    }
}
