using System.Runtime.InteropServices;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;
using SentimentML.Tokenization;

namespace SentimentML.Persistence;

/// <summary>A checkpoint's tensors with fewer rows where a row belongs to a token. Numbers stay as they are stored, bit for bit.</summary>
internal static class TrimmedWeights
{
    /// <summary>What to write; the checkpoint must stay open until it is written.</summary>
    /// <param name="checkpoint">The whole weights.</param>
    /// <param name="names">What the architecture's parts are called there.</param>
    /// <param name="vocabularySize">The rows of the word embeddings.</param>
    /// <param name="kept">The tokens whose rows stay.</param>
    /// <param name="cancellationToken">Stops the writing between two pieces of a tensor.</param>
    /// <exception cref="ModelFileException">There are no word embeddings, or they have another number of rows.</exception>
    public static IReadOnlyList<SafetensorsEntry> Of(
        Checkpoint checkpoint, CheckpointNames names, int vocabularySize, KeptTokens kept, CancellationToken cancellationToken)
    {
        bool isAny = false;
        var buffer = new List<byte>(); // shared: tensors are written one after another
        var entries = new List<SafetensorsEntry>();
        foreach ((string? name, CheckpointTensor tensor) in names.Unwrapped(checkpoint.Tensors))
        {
            bool isPerToken = name is not null && names.IsPerToken(name);
            if (isPerToken && (tensor.Shape.Length == 0 || tensor.Shape[0] != vocabularySize))
                throw new ModelFileException($"{tensor.FilePath}: {Quoted.Name(tensor.Name)} is {TensorShape.Format(tensor.Shape.AsSpan())}, expected "
                    + $"{vocabularySize} rows, config.json's vocab_size. The files are not of one model: download them together.");
            isAny |= isPerToken && tensor.Shape.Length == 2;
            foreach (CheckpointTensor stored in tensor.Stored)
                entries.Add(isPerToken ? Rows(stored, kept.OldIds, buffer, cancellationToken) : Whole(stored, buffer, cancellationToken));
        }
        return isAny ? entries : throw new ModelFileException($"{checkpoint.Path} has no word embeddings "
            + $"({names.Encoder}.{names.Embeddings}.{names.Words}.weight). Expected the names that transformers gives this architecture.");
    }

    /// <summary>How many numbers a model has; buffers are not counted.</summary>
    public static long Parameters(Checkpoint checkpoint, CheckpointNames names, KeptTokens? kept = null) => names.Unwrapped(checkpoint.Tensors)
        .Where(tensor => tensor.Name is null || !names.IsBuffer(tensor.Name))
        .Sum(tensor => kept is not null && tensor.Name is not null && names.IsPerToken(tensor.Name)
            ? tensor.Tensor.Count / Math.Max(1, tensor.Tensor.Shape[0]) * kept.Count : tensor.Tensor.Count);

    /// <summary>The size of the tensors as they are stored, in bytes.</summary>
    public static long Bytes(Checkpoint checkpoint) =>
        checkpoint.Tensors.Values.SelectMany(tensor => tensor.Stored).Sum(tensor => tensor.Count * tensor.Dtype.Size());

    private static SafetensorsEntry Whole(CheckpointTensor tensor, List<byte> buffer, CancellationToken cancellationToken) =>
        new(tensor.Name, DtypeOf(tensor), [.. tensor.Shape], (offset, count) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> bytes = Resized(buffer, count);
            Copy(tensor, offset, bytes);
            return bytes;
        });

    private static SafetensorsEntry Rows(CheckpointTensor tensor, IReadOnlyList<int> rows, List<byte> buffer, CancellationToken cancellationToken)
    {
        long rowBytes = tensor.Count / tensor.Shape[0] * DtypeOf(tensor).Size();
        return new SafetensorsEntry(tensor.Name, DtypeOf(tensor), [rows.Count, .. tensor.Shape[1..]], (offset, count) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> bytes = Resized(buffer, count);
            for (int done = 0; done < count;)
            {
                (long row, long within) = Math.DivRem(offset + done, rowBytes);
                int length = (int)Math.Min(rowBytes - within, count - done);
                Copy(tensor, rows[(int)row] * rowBytes + within, bytes.Slice(done, length));
                done += length;
            }
            return bytes;
        });
    }

    /// <summary>A view with gaps, as PyTorch's files may have it, is written as floats.</summary>
    private static CheckpointDtype DtypeOf(CheckpointTensor tensor) => tensor.IsRowMajor ? tensor.Dtype : CheckpointDtype.F32;

    private static unsafe void Copy(CheckpointTensor tensor, long offset, Span<byte> destination)
    {
        if (tensor.IsRowMajor)
        {
            new ReadOnlySpan<byte>(tensor.Data + offset, destination.Length).CopyTo(destination);
            return;
        }
        fixed (byte* start = destination)
            tensor.CopyRangeTo(offset / sizeof(float), (float*)start, destination.Length / sizeof(float));
    }

    private static Span<byte> Resized(List<byte> buffer, int length)
    {
        CollectionsMarshal.SetCount(buffer, length);
        return CollectionsMarshal.AsSpan(buffer);
    }
}
