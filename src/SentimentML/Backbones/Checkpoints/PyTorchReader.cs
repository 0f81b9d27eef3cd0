using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// Reads the state dict that torch.save wrote: the zip archive of PyTorch 1.6 and later, or the row of pickles and raw
/// storages from before. Tensors are views into the mapped file.
/// </summary>
internal sealed class PyTorchReader
{
    private static readonly BigInteger LegacyMagic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);
    private const long LegacyProtocol = 1001;

    private readonly MappedFile _file;
    private readonly MemoryBudget _budget;
    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);

    private PyTorchReader(MappedFile file) => (_file, _budget) = (file, new MemoryBudget(file.Path, file.Length));

    /// <summary>Whether a file begins as torch.save's archive or row of pickles does.</summary>
    public static bool IsIts(ReadOnlySpan<byte> start) => start.StartsWith("PK"u8) || start is [(byte)PickleOpcode.PROTO, ..];

    /// <exception cref="ModelFileException">The file is damaged, or holds what is no plain state dict.</exception>
    public static List<CheckpointTensor> Read(MappedFile file)
    {
        var reader = new PyTorchReader(file);
        ReadOnlySpan<byte> start = file.Span(0, Math.Min(file.Length, 512));
        if (start.StartsWith("PK"u8))
            return reader.ReadZip();
        if (start is [(byte)PickleOpcode.PROTO, ..])
            return reader.ReadLegacy();
        if (start.Length >= 262 && start[257..262].SequenceEqual("ustar"u8))
            throw new ModelFileException($"{file.Path} is the tar archive of PyTorch before 0.1.10, which is not read: load it there and save it again.");
        throw new ModelFileException(
            $"{file.Path} is neither a zip archive nor a pickle, so torch.save did not write it. It is damaged or something else: download it again.");
    }

    private List<CheckpointTensor> ReadZip()
    {
        var zip = new ZipDirectory(_file, _budget);
        string folder = PickleFolder(zip);
        if (zip.Contains(folder + "constants.pkl"))
            throw new ModelFileException($"{_file.Path} is a TorchScript program, not a state dict: take the file that holds the model's weights alone.");
        if (zip.Contains(folder + "byteorder"))
        {
            (long orderAt, long orderLength) = zip.Locate(folder + "byteorder");
            if (!_file.Span(orderAt, orderLength).SequenceEqual("little"u8))
                throw new ModelFileException(
                    $"{_file.Path} was written with another byte order than little-endian, which is not read: save it again on such a machine.");
        }
        (long at, long length) = zip.Locate(folder + "data.pkl");
        var pickle = new PickleReader(_file.Span(at, length), _file.Path, _budget, id => StorageOf(id, storage => Locate(zip, folder, storage)));
        return Tensors(pickle.Read());
    }

    /// <summary>The archive's files lie in a folder of any name: the one that holds data.pkl.</summary>
    private string PickleFolder(ZipDirectory zip)
    {
        const string name = "data.pkl";
        List<string> found = [.. zip.Names.Where(entry => entry == name || entry.EndsWith("/" + name, StringComparison.Ordinal)).Take(2)];
        return found.Count == 1
            ? found[0][..^name.Length]
            : throw new ModelFileException($"{_file.Path} is a zip archive with {(found.Count == 0 ? "no" : "more than one")} {name}, so torch.save did not "
                + "write it. Get the file again.");
    }

    private static void Locate(ZipDirectory zip, string folder, TorchStorage storage)
    {
        (long offset, long length) = zip.Locate($"{folder}data/{storage.Key}");
        if (length != storage.Bytes)
            throw new FormatException(
                $"the storage {Quoted.Name(storage.Key)} should have {storage.Count} elements of {storage.Dtype}, and has {length} bytes");
        storage.FileOffset = offset;
    }

    private List<CheckpointTensor> ReadLegacy()
    {
        long position = 0;
        if (ReadPickle(ref position) is not BigInteger magic || magic != LegacyMagic)
            throw new ModelFileException(
                $"{_file.Path} is a pickle, and not one that torch.save wrote: its magic number is missing. Only state dicts of torch.save are read.");
        if (ReadPickle(ref position) is not LegacyProtocol)
            throw new ModelFileException($"{_file.Path}: torch.save's protocol should be {LegacyProtocol}. The file is damaged: download it again.");
        if (ReadPickle(ref position) is not PickleDictionary system || system["little_endian"] is not true)
            throw new ModelFileException($"{_file.Path} was not written on a little-endian machine, which is not read: save it again on such a machine.");

        object? root = ReadPickle(ref position, id => StorageOf(id, found: null));
        if (ReadPickle(ref position) is not List<object?> keys)
            throw new ModelFileException($"{_file.Path}: the list of its storages is missing. The file is damaged: download it again.");
        foreach (object? key in keys)
            position = LocateLegacy(key as string ?? "", position);
        if (_storages.Values.FirstOrDefault(storage => !storage.IsFound) is { } missing)
            throw new ModelFileException($"{_file.Path}: the data of storage {Quoted.Name(missing.Key)} are missing. The file is damaged: download it again.");
        return Tensors(root);
    }

    private object? ReadPickle(ref long position, Func<object?, TorchStorage>? findStorage = null)
    {
        long length = Math.Min(_file.Length - position, int.MaxValue);
        var pickle = new PickleReader(_file.Span(position, length), _file.Path, _budget, findStorage);
        object? value = pickle.Read();
        position += pickle.Position;
        return value;
    }

    /// <summary>After the pickles come the storages: a count of elements in 8 bytes, then the elements.</summary>
    private long LocateLegacy(string key, long position)
    {
        if (!_storages.TryGetValue(key, out TorchStorage? storage) || storage.IsFound)
            throw new ModelFileException(
                $"{_file.Path}: the list of its storages holds {Quoted.Name(key)} twice or without a tensor. The file is damaged: download it again.");
        long count = BinaryPrimitives.ReadInt64LittleEndian(_file.Span(position, sizeof(long)));
        if (count != storage.Count)
            throw new ModelFileException(
                $"{_file.Path}: the storage {Quoted.Name(key)} should have {storage.Count} elements, and has {count}. The file is damaged: download it again.");
        storage.FileOffset = position + sizeof(long);
        if (storage.FileOffset > _file.Length - storage.Bytes)
            throw new ModelFileException($"{_file.Path} ends inside the storage {Quoted.Name(key)}. It is cut off: download it again.");
        return storage.FileOffset + storage.Bytes;
    }

    /// <summary>
    /// The persistent id of a storage: ("storage", type, key, location, count[, view]). A view would make it a part of
    /// another storage, as early PyTorch could write; that is refused.
    /// </summary>
    private TorchStorage StorageOf(object? id, Action<TorchStorage>? found)
    {
        if (id is not object?[] { Length: 5 or 6 } parts || parts.Length == 6 && parts[5] is not null
            || parts is not ["storage", TorchGlobal { StorageDtype: { } dtype }, string key, string, long count, ..])
            throw new FormatException("a persistent id is no whole storage of a known type");
        if (count < 0 || count > _file.Length / dtype.Size())
            throw new FormatException($"the storage {Quoted.Name(key)} would have {count} elements, more than the file has room for");
        if (_storages.TryGetValue(key, out TorchStorage? known))
        {
            return known.Dtype == dtype && known.Count == count
                ? known
                : throw new FormatException(
                    $"the storage {Quoted.Name(key)} is {known.Dtype} of {known.Count} elements in one place and {dtype} of {count} in another");
        }
        var storage = new TorchStorage(dtype, key, count);
        found?.Invoke(storage);
        _storages.Add(key, storage);
        return storage;
    }

    private List<CheckpointTensor> Tensors(object? root)
    {
        var tensors = new List<CheckpointTensor>();
        foreach ((object key, object? value) in StateDict(root).Items)
        {
            if (value is not TorchTensor tensor)
                continue;
            if (key is not string name)
                throw new ModelFileException($"{_file.Path}: a tensor's name is {Quoted.Name(key.ToString()!)}, which is no text. Only state dicts are read.");
            long offset = tensor.Storage.FileOffset + tensor.Offset * tensor.Storage.Dtype.Size();
            tensors.Add(new CheckpointTensor(name, tensor.Storage.Dtype, ImmutableArray.Create(tensor.Shape), _file, offset, tensor.Strides));
        }
        return tensors;
    }

    /// <summary>The root itself, or the one dict in it under a name that trainers use.</summary>
    private PickleDictionary StateDict(object? root)
    {
        if (root is not PickleDictionary dictionary)
            throw new ModelFileException($"{_file.Path} does not hold a dict of tensors. Save the model's state_dict() alone.");
        if (dictionary.Count == 0 || HoldsTensors(dictionary))
            return dictionary;
        foreach (string name in (ReadOnlySpan<string>)["state_dict", "model_state_dict", "model"])
        {
            if (dictionary[name] is PickleDictionary inner && HoldsTensors(inner))
                return inner;
        }
        IEnumerable<string> keys = dictionary.Items.Take(8).Select(item => Quoted.Name(item.Key.ToString()!));
        throw new ModelFileException($"{_file.Path} holds a dict without tensors (its keys: {string.Join(", ", keys)}). Save the model's state_dict() alone.");
    }

    private static bool HoldsTensors(PickleDictionary dictionary) => dictionary.Items.Any(item => item.Value is TorchTensor);
}
