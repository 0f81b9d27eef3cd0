using System.Buffers;
using Apache.Arrow.Memory;

namespace SentimentML.Reviews;

/// <summary>The memory that Apache.Arrow takes for a file: one batch of rows and the categories at a time, up to a part of what there is.</summary>
/// <param name="path">For messages.</param>
/// <param name="mostBytes">The most at a time.</param>
internal sealed class ArrowMemory(string path, long mostBytes) : MemoryAllocator
{
    private const int ShareOfMemory = 4;

    private readonly Dictionary<long, long> _ofCategories = []; // what the last message with them took
    private long? _categories;
    private long _ofMessage;

    /// <param name="path">For messages.</param>
    public ArrowMemory(string path)
        : this(path, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory)
    {
    }

    /// <summary>A message begins: what the one before it took is free if that was a batch of rows, or categories that this one replaces.</summary>
    /// <param name="categories">The id of the categories that it has; null for rows.</param>
    public void BeginMessage(long? categories)
    {
        if (_categories is { } before)
            _ofCategories[before] = _ofMessage;
        (_categories, _ofMessage) = (categories, 0);
    }

    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        if (_ofCategories.Values.Sum() + _ofMessage + length > mostBytes)
            throw new SentimentMLException($"{path}: a batch of rows takes more than {mostBytes >> 20} MiB of memory, which is the limit here. Write the "
                + "file with smaller batches, as to_feather(path, chunksize=65536) does in Python, or get it again if it is damaged.");
        bytesAllocated = length;
        _ofMessage += length;
        return new Block(new byte[length]);
    }

    /// <summary>Memory of the garbage collector, which goes when nothing refers to it.</summary>
    private sealed class Block(byte[] bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => bytes;

        public void Dispose()
        {
        }
    }
}
