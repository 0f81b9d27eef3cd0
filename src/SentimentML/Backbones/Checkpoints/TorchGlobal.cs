using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// The few names that a state dict's pickle may call, each with what it makes of its arguments here. None runs anything
/// of the checkpoint.
/// </summary>
internal sealed class TorchGlobal
{
    private readonly string _name;
    private readonly Func<object?[], object?>? _call;

    private TorchGlobal(string name, Func<object?[], object?>? call) => (_name, _call) = (name, call);

    /// <summary>Of a storage's type, what its elements are.</summary>
    public CheckpointDtype? StorageDtype { get; private init; }

    /// <summary>Of a class that is not needed: an object of it is passed over.</summary>
    public bool IsUnread { get; private init; }

    /// <summary>
    /// Classes in which trainers save settings and metrics beside the weights. A name that ends with a dot stands for a whole module. The list is short
    /// on purpose: a file that names any other class may run harmful code when Python loads it, so it is refused.
    /// </summary>
    private static readonly string[] Unread =
    [
        "pytorch_lightning.", "lightning.", "lightning_fabric.", "lightning_utilities.", "omegaconf.", "pathlib.", "__main__.", "argparse.Namespace",
        "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray.scalar", "numpy.core.multiarray._reconstruct", "numpy._core.multiarray.scalar",
        "numpy._core.multiarray._reconstruct", "_codecs.encode", "torch.device",
    ];

    private static readonly Dictionary<string, TorchGlobal> Known = All().ToDictionary(global => global._name, StringComparer.Ordinal);

    /// <summary>The global of that name, or null for every name that is not one of the few.</summary>
    public static TorchGlobal? Find(string module, string name)
    {
        string whole = $"{module}.{name}";
        return Known.GetValueOrDefault(whole)
            ?? (Unread.Any(known => known[^1] == '.' ? whole.StartsWith(known, StringComparison.Ordinal) : whole == known)
                ? new(whole, _ => new UnreadObject()) { IsUnread = true } : null);
    }

    /// <summary>What calling it with these arguments makes.</summary>
    /// <exception cref="FormatException">The arguments are not what torch.save writes for it.</exception>
    public object? Call(object?[] arguments) =>
        _call is not null ? _call(arguments) : throw new FormatException($"{_name} is not to be called");

    private static IEnumerable<TorchGlobal> All()
    {
        yield return new("collections.OrderedDict", NewOrderedDict);
        yield return new("torch.Size", ToSize);
        yield return new("torch._utils._rebuild_tensor", RebuildTensor);
        yield return new("torch._utils._rebuild_tensor_v2", RebuildTensor);
        yield return new("torch._utils._rebuild_parameter", RebuildParameter);
        yield return new("torch._utils._rebuild_parameter_with_state", RebuildParameter);
        (string Type, CheckpointDtype Dtype)[] storages =
        [
            ("Float", CheckpointDtype.F32), ("Half", CheckpointDtype.F16), ("BFloat16", CheckpointDtype.BF16),
            ("Double", CheckpointDtype.F64), ("Long", CheckpointDtype.I64), ("Int", CheckpointDtype.I32),
            ("Short", CheckpointDtype.I16), ("Char", CheckpointDtype.I8), ("Byte", CheckpointDtype.U8), ("Bool", CheckpointDtype.BOOL),
        ];
        foreach ((string type, CheckpointDtype dtype) in storages)
        {
            foreach (string module in (string[])["torch", "torch.cuda", "torch.storage"])
                yield return new($"{module}.{type}Storage", null) { StorageDtype = dtype };
        }
        // Beside the tensors, some trainers keep a dtype.
        foreach (string dtype in (string[])["float16", "bfloat16", "float32", "float64", "int64", "int32", "bool"])
            yield return new($"torch.{dtype}", null);
    }

    private static PickleDictionary NewOrderedDict(object?[] arguments) =>
        arguments.Length == 0 ? new PickleDictionary() : throw new FormatException("OrderedDict is only made empty");

    private static object?[] ToSize(object?[] arguments) =>
        arguments is [object?[] sizes] ? sizes : throw new FormatException("torch.Size needs a tuple");

    /// <summary>_rebuild_parameter(data, requires_grad, backward_hooks[, state]): the state is what a program hung on the parameter.</summary>
    private static TorchTensor RebuildParameter(object?[] arguments) =>
        arguments is [TorchTensor data, bool, _, ..] && arguments.Length <= 4 ? data
        : throw new FormatException("_rebuild_parameter needs a tensor, requires_grad and backward_hooks");

    /// <summary>
    /// _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks[, metadata]); _rebuild_tensor has the first
    /// four.
    /// </summary>
    private static TorchTensor RebuildTensor(object?[] arguments)
    {
        if (arguments is not [TorchStorage storage, long offset, object?[] sizes, object?[] steps, ..] || arguments.Length > 7)
            throw new FormatException("_rebuild_tensor needs a storage, an offset, a size and a stride");
        long[] shape = Numbers(sizes), strides = Numbers(steps);
        if (shape.Length != strides.Length)
            throw new FormatException($"a tensor has {shape.Length} sizes and {strides.Length} strides");
        CheckBounds(storage, offset, shape, strides);
        return new TorchTensor(storage, offset, shape, strides);
    }

    private static long[] Numbers(object?[] items)
    {
        if (items.Length > TensorShape.MaxRank)
            throw new FormatException($"a tensor has {items.Length} dimensions; {TensorShape.MaxRank} are allowed");
        return Array.ConvertAll(items, item => item is long and >= 0 ? (long)item : throw new FormatException("a size or stride is no whole number from 0 on"));
    }

    /// <summary>
    /// The last element must lie inside the storage, and no tensor may have more elements than it, but for those that an expanded dimension repeats.
    /// </summary>
    private static void CheckBounds(TorchStorage storage, long offset, long[] shape, long[] strides)
    {
        if (!TensorShape.TryCount(shape, storage.Dtype, out long count, out _)
            || (count > 0 && TensorShape.Distinct(shape, strides) > storage.Count))
            throw new FormatException(
                $"a tensor {TensorShape.Format(shape)} has more elements than its storage {Quoted.Name(storage.Key)}, which has {storage.Count}");
        Int128 last = offset;
        for (int i = 0; i < shape.Length; i++)
            last += (Int128)Math.Max(0, shape[i] - 1) * strides[i];
        if (offset < 0 || (count > 0 ? last >= storage.Count : offset > storage.Count))
            throw new FormatException(
                $"a tensor {TensorShape.Format(shape)} at {offset} reaches beyond its storage {Quoted.Name(storage.Key)}, which has {storage.Count} elements");
    }
}
