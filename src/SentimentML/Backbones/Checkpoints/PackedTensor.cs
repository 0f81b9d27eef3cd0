using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// A matrix in 4 bits: blocks of 32 values along a row, 16 bytes each, with a scale a block; byte j holds value j in its low four
/// bits and value j + 16 in its high four, and a value is (nibble - 8) × scale. That is GGUF's Q4_0 (ggml, quants.c) with the
/// scales in a tensor of their own: NAME is U8 [rows, columns / 2], NAME.scale is F16 [rows, columns / 32].
/// </summary>
internal sealed unsafe class PackedTensor : CheckpointTensor
{
    private const string ScaleSuffix = ".scale";
    private const int Block = 32, BlockBytes = Block / 2;

    private readonly CheckpointTensor _nibbles, _scales;

    private PackedTensor(CheckpointTensor nibbles, CheckpointTensor scales, MappedFile file, ImmutableArray<long> shape)
        : base(nibbles.Name, CheckpointDtype.F32, shape, file, offset: 0) => (_nibbles, _scales) = (nibbles, scales);

    /// <summary>Puts packed matrices and their scales together; other tensors stay as they are.</summary>
    /// <param name="tensors">All tensors of a file.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="ModelFileException">A matrix and its scales do not fit together.</exception>
    public static List<CheckpointTensor> Unite(List<CheckpointTensor> tensors, MappedFile file)
    {
        Dictionary<string, CheckpointTensor> scales = tensors.Where(IsScale)
            .ToDictionary(t => t.Name[..^ScaleSuffix.Length], StringComparer.Ordinal);
        if (scales.Count == 0)
            return tensors;
        var packed = tensors.Where(t => t.Dtype == CheckpointDtype.U8 && scales.ContainsKey(t.Name)).ToDictionary(t => t.Name, StringComparer.Ordinal);
        return
        [
            .. packed.Values.Select(t => new PackedTensor(t, scales[t.Name], file, ShapeOf(t, scales[t.Name]))),
            .. tensors.Where(t => !packed.ContainsKey(t.Name) && !(IsScale(t) && packed.ContainsKey(t.Name[..^ScaleSuffix.Length]))),
        ];
    }

    public override bool IsRowMajor => false;

    public override IReadOnlyList<CheckpointTensor> Stored => [_nibbles, _scales];

    public override void CopyRangeTo(long start, float* destination, long count)
    {
        if (start < 0 || count < 0 || start > Count - count)
            throw new ArgumentOutOfRangeException(nameof(start), $"elements {start} to {start + count} of {Count} in {Name}");
        float* whole = stackalloc float[Block];
        while (count > 0)
        {
            (long block, long within) = Math.DivRem(start, Block);
            long taken = Math.Min(Block - within, count);
            if (taken == Block)
            {
                Unpack(block, destination);
            }
            else
            {
                Unpack(block, whole);
                Unsafe.CopyBlockUnaligned(destination, whole + within, (uint)(taken * sizeof(float)));
            }
            start += taken;
            destination += taken;
            count -= taken;
        }
    }

    private static bool IsScale(CheckpointTensor tensor) => tensor.Dtype == CheckpointDtype.F16 && tensor.Name.EndsWith(ScaleSuffix, StringComparison.Ordinal);

    private static ImmutableArray<long> ShapeOf(CheckpointTensor nibbles, CheckpointTensor scales)
    {
        if (nibbles.Shape is not [var rows, var halves] || halves % BlockBytes != 0 || scales.Shape is not [var scaleRows, var blocks] || scaleRows != rows
            || blocks != halves / BlockBytes)
            throw new ModelFileException($"{nibbles.FilePath}: {Quoted.Name(nibbles.Name)} is packed as {TensorShape.Format(nibbles.Shape.AsSpan())} with "
                + $"scales {TensorShape.Format(scales.Shape.AsSpan())}, "
                + $"expected [rows, columns / 2] with [rows, columns / {Block}]. The file is damaged: download it again.");
        return [rows, 2 * halves];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Unpack(long block, float* destination)
    {
        float scale = (float)Unsafe.ReadUnaligned<Half>(_scales.Data + block * sizeof(short));
        Vector128<byte> both = Unsafe.ReadUnaligned<Vector128<byte>>(_nibbles.Data + block * BlockBytes);
        Store(both & Vector128.Create((byte)15), scale, destination);
        Store((both.AsUInt16() >>> 4).AsByte() & Vector128.Create((byte)15), scale, destination + BlockBytes);
    }

    private static void Store(Vector128<byte> nibbles, float scale, float* destination)
    {
        (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(nibbles);
        Store(lower, scale, destination);
        Store(upper, scale, destination + Vector128<ushort>.Count);
    }

    private static void Store(Vector128<ushort> nibbles, float scale, float* destination)
    {
        (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(nibbles);
        ((Vector128.ConvertToSingle(lower.AsInt32()) - Vector128.Create(8f)) * scale).Store(destination);
        ((Vector128.ConvertToSingle(upper.AsInt32()) - Vector128.Create(8f)) * scale).Store(destination + Vector128<uint>.Count);
    }
}
