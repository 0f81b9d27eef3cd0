using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// One named tensor inside a checkpoint. Its data stay in the mapped file until they are copied;
/// it lives as long as the <see cref="Checkpoint"/> that it came from.
/// </summary>
internal unsafe class CheckpointTensor
{
    private readonly MappedFile _file;
    private readonly long _offset;
    private readonly long[]? _strides;

    /// <param name="name">The tensor's name in the checkpoint.</param>
    /// <param name="dtype">What its elements are.</param>
    /// <param name="shape">Its sizes; the reader has checked that their product fits.</param>
    /// <param name="file">The file that holds the data.</param>
    /// <param name="offset">Where the first element starts in the file, in bytes; the reader has checked every element's bounds.</param>
    /// <param name="strides">Steps between neighbours of each dimension in elements, or null for row-major data without gaps.</param>
    public CheckpointTensor(string name, CheckpointDtype dtype, ImmutableArray<long> shape, MappedFile file, long offset, long[]? strides = null)
    {
        Name = name;
        Dtype = dtype;
        Shape = shape;
        _file = file;
        _offset = offset;
        _strides = strides is null || TensorShape.IsContiguous(shape.AsSpan(), strides) ? null : strides;
        if (!TensorShape.TryCount(shape.AsSpan(), dtype, out long count, out _))
            throw new ArgumentException($"shape {TensorShape.Format(shape.AsSpan())} overflows", nameof(shape));
        Count = count;
    }

    public string Name { get; }

    public CheckpointDtype Dtype { get; }

    public ImmutableArray<long> Shape { get; }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>The number of elements of the file that it is made of: fewer where an expanded dimension repeats them.</summary>
    public long StoredCount => _strides is null ? Count : TensorShape.Distinct(Shape.AsSpan(), _strides);

    /// <summary>The file that holds the data, for messages.</summary>
    public string FilePath => _file.Path;

    /// <summary>Whether the elements lie side by side in row-major order, as <see cref="Dtype"/>.</summary>
    public virtual bool IsRowMajor => _strides is null;

    /// <summary>The tensors of the file that make this one, with as many rows.</summary>
    public virtual IReadOnlyList<CheckpointTensor> Stored => [this];

    /// <summary>Where the first element lies.</summary>
    public byte* Data => _file.Pointer + _offset;

    /// <summary>Copies every element in row-major order, as floats.</summary>
    /// <param name="destination">Room for <paramref name="count"/> floats.</param>
    /// <param name="count">Must be <see cref="Count"/>.</param>
    public void CopyTo(float* destination, long count)
    {
        if (count != Count)
            throw new ArgumentException($"{Name} has {Count} elements, the destination {count}", nameof(count));
        CopyRangeTo(0, destination, count);
    }

    /// <inheritdoc cref="CopyTo(float*, long)"/>
    public void CopyTo(Span<float> destination)
    {
        fixed (float* start = destination)
            CopyTo(start, destination.Length);
    }

    /// <summary>Copies the elements from <paramref name="start"/> on in row-major order, so that threads can share a tensor.</summary>
    public virtual void CopyRangeTo(long start, float* destination, long count)
    {
        if (start < 0 || count < 0 || start > Count - count)
            throw new ArgumentOutOfRangeException(nameof(start), $"elements {start} to {start + count} of {Count} in {Name}");
        if (count == 0)
            return;
        byte* data = Data;
        if (_strides is null)
            FloatConversion.Convert(Dtype, data + start * Dtype.Size(), destination, count);
        else
            CopyStrided(data, _strides, start, destination, count);
    }

    /// <summary>Whether another tensor has the same shape and, as floats, bit for bit the same values.</summary>
    public bool HasSameValues(CheckpointTensor other)
    {
        if (!Shape.AsSpan().SequenceEqual(other.Shape.AsSpan()))
            return false;
        if (IsSameData(other))
            return true;
        const int block = 4096;
        float* mine = stackalloc float[block];
        float* theirs = stackalloc float[block];
        for (long i = 0; i < Count; i += block)
        {
            int length = (int)Math.Min(block, Count - i);
            CopyRangeTo(i, mine, length);
            other.CopyRangeTo(i, theirs, length);
            if (!new ReadOnlySpan<byte>(mine, length * sizeof(float)).SequenceEqual(new ReadOnlySpan<byte>(theirs, length * sizeof(float))))
                return false;
        }
        return true;
    }

    /// <summary>Two names of one run of the file, as PyTorch writes tied weights.</summary>
    private bool IsSameData(CheckpointTensor other) =>
        this is not PackedTensor &&
        _file == other._file && _offset == other._offset && Dtype == other.Dtype && _strides is null && other._strides is null;

    /// <summary>Walks the rows of the last dimension; a PyTorch tensor may be a transposed or cut view of its storage.</summary>
    private void CopyStrided(byte* data, long[] strides, long start, float* destination, long count)
    {
        int last = Shape.Length - 1;
        Span<long> index = stackalloc long[Shape.Length];
        long rest = start;
        for (int i = last; i >= 0; i--)
            (rest, index[i]) = Math.DivRem(rest, Shape[i]);

        while (count > 0)
        {
            long run = Math.Min(count, Shape[last] - index[last]);
            long position = 0;
            for (int i = 0; i <= last; i++)
                position += index[i] * strides[i];
            CopyRow(data + position * Dtype.Size(), strides[last], destination, run);
            destination += run;
            count -= run;
            index[last] = 0;
            for (int i = last - 1; i >= 0 && ++index[i] == Shape[i]; i--)
                index[i] = 0;
        }
    }

    private void CopyRow(byte* source, long stride, float* destination, long count)
    {
        if (stride == 1)
        {
            FloatConversion.Convert(Dtype, source, destination, count);
            return;
        }
        const int block = 512;
        int size = Dtype.Size();
        byte* gathered = stackalloc byte[block * sizeof(double)];
        for (long i = 0; i < count; i += block)
        {
            int length = (int)Math.Min(block, count - i);
            byte* from = source + i * stride * size;
            for (int k = 0; k < length; k++, from += stride * size)
                Unsafe.CopyBlockUnaligned(gathered + k * size, from, (uint)size);
            FloatConversion.Convert(Dtype, gathered, destination + i, length);
        }
    }
}
