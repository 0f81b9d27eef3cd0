namespace SentimentML.Backbones.Checkpoints;

/// <summary>A dict or OrderedDict of a pickle, in order. Keys are strings, numbers or truth values.</summary>
internal sealed class PickleDictionary
{
    private readonly Dictionary<object, object?> _items = [];

    public int Count => _items.Count;

    public IEnumerable<KeyValuePair<object, object?>> Items => _items;

    /// <returns>False where the key is there already, whose value stays.</returns>
    public bool TryAdd(object key, object? value) => _items.TryAdd(key, value);

    public object? this[object key] => _items.GetValueOrDefault(key);
}

/// <summary>An object of a class that is not needed: nothing of it is kept, and nothing of it runs.</summary>
internal sealed class UnreadObject;

/// <summary>The data behind tensors: a run of elements in the file, found under its key.</summary>
/// <param name="Dtype">What the elements are.</param>
/// <param name="Key">The storage's name in the file.</param>
/// <param name="Count">How many elements the pickle says there are.</param>
internal sealed record TorchStorage(CheckpointDtype Dtype, string Key, long Count)
{
    private long _fileOffset = -1;

    /// <summary>Where the first element is in the file, in bytes, once the reader has found and checked the storage.</summary>
    public long FileOffset
    {
        get => _fileOffset >= 0 ? _fileOffset : throw new InvalidOperationException($"storage {Key} has not been found yet");
        set => _fileOffset = value;
    }

    public bool IsFound => _fileOffset >= 0;

    public long Bytes => Count * Dtype.Size();
}

/// <summary>A tensor as its pickle describes it: a strided view of a storage. Every element lies inside of it.</summary>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides);
