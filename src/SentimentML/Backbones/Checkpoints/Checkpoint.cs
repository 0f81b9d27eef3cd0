using System.Text;
using System.Text.RegularExpressions;
using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// A model's weights by name, out of safetensors or PyTorch files, one or in shards. The files are mapped into memory
/// and nothing is copied until a tensor is asked for; no code of a checkpoint ever runs.
/// </summary>
internal sealed partial class Checkpoint : IDisposable
{
    public const string Safetensors = "model.safetensors";
    public const string SafetensorsIndex = "model.safetensors.index.json";
    public const string PyTorch = "pytorch_model.bin";
    public const string PyTorchIndex = "pytorch_model.bin.index.json";

    /// <summary>The names that from_pretrained looks for, in its order.</summary>
    private static readonly string[] Names = [Safetensors, SafetensorsIndex, PyTorch, PyTorchIndex];

    private const string TensorFlowEnd = ".ckpt";

    private const string SaveAgain = "Name a model with one of these files, or save this one in Python by transformers' save_pretrained.";

    private static readonly (string End, string What)[] OtherWeights =
    [
        ("adapter_model.safetensors", "an adapter: copy its base model's files to the same folder."),
        (".safetensors", "not named as transformers names weights: rename it if it is the model."),
        (".fp16.bin", "a variant of the weights: rename it if it is the model."),
        (".h5", $"TensorFlow's. {SaveAgain}"),
        (TensorFlowEnd, $"TensorFlow's. {SaveAgain}"),
        (".msgpack", $"Flax's. {SaveAgain}"),
        (".gguf", $"llama.cpp's. {SaveAgain}"),
        (".onnx", "for ONNX Runtime: state the engine (--engine onnx, OnnxSentimentClassifier.Load), which reads model.onnx, or model_quantized.onnx if it "
            + "computes in int8."),
        (".ot", $"rust-bert's. {SaveAgain}"),
        ("openvino_model.bin", $"OpenVINO's. {SaveAgain}"),
        (".pt", $"PyTorch's alone, without a model's configuration. {SaveAgain}"),
        (".pth", $"PyTorch's alone, without a model's configuration. {SaveAgain}"),
    ];

    private readonly List<MappedFile> _files = [];
    private readonly Dictionary<string, CheckpointTensor> _tensors = new(StringComparer.Ordinal);

    private Checkpoint(string path) => Path = path;

    /// <summary>The file, or the index of the shards, for messages.</summary>
    public string Path { get; }

    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    /// <summary>Whether files hold weights under a name that from_pretrained looks for.</summary>
    public static bool IsIn(ModelFiles files) => Names.Any(files.Contains);

    /// <summary>The files that hold a model's weights: one, or an index and its shards; none where there are no weights.</summary>
    /// <exception cref="ModelFileException">The index is damaged, or names a file that is not in the folder.</exception>
    public static IReadOnlyList<string> FilesOf(ModelFiles files) => Names.FirstOrDefault(files.Contains) is not { } name ? []
        : IsIndex(name) ? [name, .. ShardIndex.Read(files, name).Shards] : [name];

    /// <summary>Opens the weights in a model's folder: safetensors before PyTorch, one file before shards.</summary>
    /// <exception cref="ModelFileException">There are none, or they are damaged, or hold what is no plain tensor.</exception>
    public static Checkpoint Open(ModelFiles files)
    {
        string? name = Names.FirstOrDefault(files.Contains);
        return name is not null
            ? Open(files, name)
            : throw new ModelFileException(
                $"{files.Location} holds no weights that can be read: expected one of {string.Join(", ", Names)}. {WhatElse(files)}");
    }

    /// <summary>What to do about a folder without weights, or with another program's.</summary>
    private static string WhatElse(ModelFiles files)
    {
        if (files.Names.FirstOrDefault(name => ShardName().IsMatch(name)) is { } shard)
            return $"{shard} is a part of the weights, whose index, {(shard.EndsWith(".bin", StringComparison.Ordinal) ? PyTorchIndex : SafetensorsIndex)}, is "
                + "missing: download it too.";
        if (Directory.Exists(System.IO.Path.Combine(files.Location, "onnx")))
            return "The folder onnx in it is for ONNX Runtime: state the engine (--engine onnx, OnnxSentimentClassifier.Load).";
        if (files.Names.FirstOrDefault(name => name.EndsWith(TensorFlowEnd, StringComparison.OrdinalIgnoreCase) && IsPyTorch(files, name)) is { } trained)
            return $"{trained} is PyTorch's, as Lightning saves it: rename it to {PyTorch} if it is the model.";
        foreach ((string end, string what) in OtherWeights)
        {
            if (files.Names.FirstOrDefault(name => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)) is { } found)
                return $"{found} is {what}";
        }
        return "Download the model again or name another folder.";
    }

    private static bool IsPyTorch(ModelFiles files, string name)
    {
        using MappedFile file = files.Map(name);
        return PyTorchReader.IsIts(file.Span(0, Math.Min(file.Length, 2)));
    }

    /// <summary>Opens one file of a model's folder by name: an index (*.index.json), a safetensors file, or else a PyTorch file.</summary>
    /// <exception cref="ModelFileException">It is not there, or damaged, or holds what is no plain tensor.</exception>
    public static Checkpoint Open(ModelFiles files, string name)
    {
        var checkpoint = new Checkpoint($"{files.Location}/{name}");
        try
        {
            if (IsIndex(name))
                checkpoint.AddShards(files, ShardIndex.Read(files, name));
            else
                checkpoint.Add(checkpoint.Read(files, name));
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    private static bool IsIndex(string name) => name.EndsWith(".index.json", StringComparison.Ordinal);

    /// <summary>Lets the system take back the memory of what was read so far; it is read again where it is asked for again.</summary>
    public void ReleasePages()
    {
        foreach (MappedFile file in _files)
            file.ReleasePages();
    }

    public void Dispose()
    {
        foreach (MappedFile file in _files)
            file.Dispose();
    }

    private List<CheckpointTensor> Read(ModelFiles files, string name)
    {
        MappedFile file = files.Map(name);
        _files.Add(file);
        RefusePlaceholders(file);
        return name.EndsWith(".safetensors", StringComparison.Ordinal) ? SafetensorsReader.Read(file) : PyTorchReader.Read(file);
    }

    private void Add(List<CheckpointTensor> tensors)
    {
        foreach (CheckpointTensor tensor in tensors)
            _tensors.Add(tensor.Name, tensor);
    }

    /// <summary>
    /// As from_pretrained does, every tensor of every shard counts; the index decides where two shards hold one name,
    /// and what it promises has to be there.
    /// </summary>
    private void AddShards(ModelFiles files, ShardIndex index)
    {
        foreach (string shard in index.Shards)
        {
            foreach (CheckpointTensor tensor in Read(files, shard))
            {
                if (!index.FileOf.TryGetValue(tensor.Name, out string? home) || home == shard)
                    _tensors.TryAdd(tensor.Name, tensor);
            }
        }
        // A matrix in 4 bits is two tensors of its file.
        HashSet<string> stored = [.. _tensors.Values.SelectMany(tensor => tensor.Stored).Select(tensor => tensor.Name)];
        foreach ((string name, string shard) in index.FileOf)
        {
            if (!stored.Contains(name))
                throw new ModelFileException($"{Path} says that {Quoted.Name(name)} is in {shard}, and it is not there. The index and the shards are not of "
                    + "one model: download them together.");
        }
    }

    /// <summary>What lies in a folder where the weights should be, when a download did not bring them.</summary>
    private static void RefusePlaceholders(MappedFile file)
    {
        ReadOnlySpan<byte> start = file.Span(0, Math.Min(file.Length, 64));
        if (start.StartsWith("version https://git-lfs"u8))
            throw new ModelFileException(
                $"{file.Path} is a Git LFS pointer, not the weights: run `git lfs pull` in the repository, or download the file itself.");
        ReadOnlySpan<byte> text = start.TrimStart(" \r\n\t"u8);
        if (text.StartsWith("<!DOCTYPE"u8) || text.StartsWith("<html"u8) || text.StartsWith("<?xml"u8))
            throw new ModelFileException($"{file.Path} is a web page, not the weights (it starts with {Quoted.Name(Encoding.UTF8.GetString(text))}): the "
                + "download went wrong, download it again.");
    }

    /// <summary>How transformers names the parts of weights that are too large for a file.</summary>
    [GeneratedRegex(@"-\d{5}-of-\d{5}\.(safetensors|bin)$")]
    private static partial Regex ShardName();
}
