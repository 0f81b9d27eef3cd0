using System.Text.Json;
using System.Text.Json.Serialization;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>
/// A LoRA adapter as peft saves it: what a fine-tuning added to some matrices of a network, and the parameters that it replaced, such
/// as the head. Follows peft's LoraConfig and get_peft_model_state_dict; merged into the network as merge_and_unload does.
/// </summary>
internal static class PeftAdapter
{
    public const string ConfigFile = "adapter_config.json", WeightsFile = "adapter_model.safetensors";

    /// <summary>What peft's wrapper puts in front of the model's own names.</summary>
    private const string Prefix = "base_model.model.";

    private const string FirstMatrix = ".lora_A.weight", SecondMatrix = ".lora_B.weight", Replaced = ".modules_to_save";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n" };

    /// <summary>Whether the files hold an adapter beside the weights that it changes.</summary>
    public static bool IsIn(ModelFiles files) => files.Contains(ConfigFile);

    /// <summary>Adds the adapter to a network that holds the weights that it was trained on.</summary>
    /// <param name="files">Files with an adapter.</param>
    /// <param name="network">The network, on the CPU.</param>
    /// <param name="report">What came of loading the weights.</param>
    /// <returns>The report with what the adapter replaced.</returns>
    /// <exception cref="ModelFileException">The adapter is damaged, of another network, or of a kind that is not supported.</exception>
    public static LoadReport Merge(ModelFiles files, SequenceClassifier network, LoadReport report)
    {
        Config config = ReadConfig(files);
        using Checkpoint stored = Checkpoint.Open(files, WeightsFile);
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Parameter> parameters = network.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        var replaced = new List<string>();
        var mismatched = new List<MismatchedTensor>();
        foreach (CheckpointTensor tensor in stored.Tensors.Values)
        {
            if (tensor.Name.EndsWith(SecondMatrix, StringComparison.Ordinal))
            {
                Partner(stored, tensor, SecondMatrix, FirstMatrix); // with which it is added
                continue;
            }
            bool isFirst = tensor.Name.EndsWith(FirstMatrix, StringComparison.Ordinal);
            string name = NameOf(isFirst ? tensor.Name[..^FirstMatrix.Length] + ".weight" : tensor.Name);
            if (!parameters.TryGetValue(name, out Parameter? parameter))
                throw new ModelFileException($"{stored.Path}: {Quoted.Name(tensor.Name)} belongs to {Quoted.Name(name)}, which the network does not have. The "
                    + "adapter was trained on another network: download both from one place.");
            if (isFirst)
                AddProduct(stored, config, tensor, parameter);
            else if (tensor.Shape.AsSpan().SequenceEqual(parameter.shape))
            {
                parameter.copy_(Values(tensor));
                replaced.Add(name);
            }
            else if (network.Config.Architecture.Names.IsPerLabel(name))
                mismatched.Add(new MismatchedTensor(name, parameter.shape, tensor.Shape));
            else
                throw Unfit(tensor, TensorShape.Format(parameter.shape));
        }
        return report with
        {
            Loaded = [.. report.Loaded.Union(replaced).Order(StringComparer.Ordinal)],
            NewlyInitialized = [.. report.NewlyInitialized.Except(replaced).Except(mismatched.Select(tensor => tensor.Name))],
            Mismatched = [.. report.Mismatched.Where(tensor => !replaced.Contains(tensor.Name)), .. mismatched],
        };
    }

    /// <summary>The files of an adapter, which peft reads too.</summary>
    /// <param name="trained">LoRA's matrices and the replaced parameters, float32, by their names in the network.</param>
    /// <param name="rank">Rows of A, columns of B.</param>
    /// <param name="alpha">What their product is scaled by, over the rank.</param>
    /// <param name="backbone">The name of the network that the adapter changes.</param>
    /// <param name="dtype">The type of numbers that is written.</param>
    public static IReadOnlyList<(string Name, Action<Stream> Write)> Files(
        IReadOnlyList<(string Name, Tensor Tensor)> trained, int rank, double alpha, string? backbone, CheckpointDtype dtype)
    {
        var config = new Config
        {
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
            (WeightsFile, stream => SafetensorsWriter.Write(stream, SafetensorsEntry.Of(trained.Select(t => (Prefix + t.Name, t.Tensor)), dtype))),
        ];
    }

    private static string[] Modules(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static void AddProduct(Checkpoint stored, Config config, CheckpointTensor first, Parameter parameter)
    {
        CheckpointTensor second = Partner(stored, first, FirstMatrix, SecondMatrix);
        long[] shape = parameter.shape;
        if (shape.Length != 2 || !first.Shape.AsSpan().SequenceEqual([config.R, shape[1]]))
            throw Unfit(first, $"[{config.R}, {shape[^1]}]");
        if (!second.Shape.AsSpan().SequenceEqual([shape[0], config.R]))
            throw Unfit(second, $"[{shape[0]}, {config.R}]");
        parameter.add_(Values(second).matmul(Values(first)), config.LoraAlpha / (config.UseRslora ? Math.Sqrt(config.R) : config.R));
    }

    /// <summary>The other of a pair of thin matrices.</summary>
    private static CheckpointTensor Partner(Checkpoint stored, CheckpointTensor one, string ending, string otherEnding)
    {
        string name = one.Name[..^ending.Length] + otherEnding;
        return stored.Tensors.TryGetValue(name, out CheckpointTensor? other) ? other
            : throw new ModelFileException($"{stored.Path} holds {Quoted.Name(one.Name)} without {Quoted.Name(name)}. The file is damaged: download it again.");
    }

    private static unsafe Tensor Values(CheckpointTensor tensor)
    {
        Tensor values = empty([.. tensor.Shape]);
        fixed (byte* bytes = values.bytes)
            tensor.CopyTo((float*)bytes, values.numel());
        return values;
    }

    private static string NameOf(string name) =>
        (name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name).Replace(Replaced, "", StringComparison.Ordinal);

    private static ModelFileException Unfit(CheckpointTensor tensor, string expected) =>
        new($"{tensor.FilePath}: {Quoted.Name(tensor.Name)} is {TensorShape.Format(tensor.Shape.AsSpan())}, expected {expected}. The adapter was trained on "
            + "another network, or adapter_config.json is another adapter's: download them together.");

    private static Config ReadConfig(ModelFiles files)
    {
        string path = $"{files.Location}/{ConfigFile}";
        try
        {
            Config config = JsonSerializer.Deserialize<Config>(files.ReadText(ConfigFile), Json)
                ?? throw new JsonException("the outermost value is null, expected an object.");
            string? unsupported =
                config.PeftType != "LORA" ? $"peft_type {config.PeftType}"
                : config.UseDora ? "use_dora"
                : config.Bias != "none" ? $"bias {config.Bias}"
                : config.FanInFanOut ? "fan_in_fan_out"
                : config.RankPattern is { Count: > 0 } ? "rank_pattern"
                : config.AlphaPattern is { Count: > 0 } ? "alpha_pattern"
                : null;
            if (unsupported is not null)
                throw new ModelFileException($"{path} asks for {unsupported}, which is not supported; expected a LORA adapter of one rank. Merge it into its "
                    + "model with peft's merge_and_unload, and save that.");
            if (config.R < 1 || !(config.LoraAlpha > 0) || !double.IsFinite(config.LoraAlpha))
                throw new JsonException($"r is {config.R} and lora_alpha {config.LoraAlpha}, expected numbers above 0.");
            return config;
        }
        catch (JsonException e)
        {
            throw new ModelFileException($"{path} is damaged: {e.Message} Download it again.", e);
        }
    }

    /// <summary>The keys of peft's LoraConfig that matter for merging.</summary>
    private sealed record Config
    {
        public string PeftType { get; init; } = "LORA";
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
        public Dictionary<string, JsonElement>? RankPattern { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Dictionary<string, JsonElement>? AlphaPattern { get; init; }

        // peft accepts a list or a regular expression here; the tensors say the same.
        public object? TargetModules { get; init; }
        public object? ModulesToSave { get; init; }
    }
}
