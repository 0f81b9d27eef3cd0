using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SentimentML.Torch;
using static SentimentML.Encoders.AttentionVectors;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>
/// Attention (Vaswani et al., 2017, arXiv:1706.03762) within rows that stand one after the other, in float32 on vectors of 512 bits. A head
/// of a row is small: its keys, values and scores stay in the core's own caches, where libtorch's operators write each step to memory and
/// are called again for every length of rows.
/// </summary>
internal static unsafe class PackedAttention
{
    private const long WorthSharing = 1 << 22; // products, a tenth of a millisecond

    /// <summary>Whether this processor and heads of this size are supported.</summary>
    /// <param name="headSize">The size of an attention head.</param>
    public static bool Supports(int headSize) => Processor.HasAvx512 && headSize % Lanes == 0;

    /// <summary>The attention of a batch.</summary>
    /// <param name="queries">
    /// Queries that are scaled already: [tokens, stride], or [rows or more, stride] if the first token of each row asks alone.
    /// </param>
    /// <param name="keysAndValues">
    /// [tokens, stride]: the last <paramref name="hidden"/> numbers are the values, those before them the keys. If there is nothing else, the
    /// first token of each row asks alone.
    /// </param>
    /// <param name="hidden">All heads' sizes together.</param>
    /// <param name="heads">The number of heads.</param>
    /// <param name="groups">How many rows of which length follow each other.</param>
    /// <param name="allCores">Whether the heads are divided among the cores if there is enough to do.</param>
    /// <returns>A row for each query: [., hidden]; zeros behind the last row's.</returns>
    public static Tensor Attend(Tensor queries, Tensor keysAndValues, int hidden, int heads, IReadOnlyList<(long Rows, long Length)> groups, bool allCores)
    {
        bool firstAlone = keysAndValues.shape[1] == 2L * hidden;
        Tensor context = firstAlone ? zeros(queries.shape[0], hidden, queries.dtype) : empty(queries.shape[0], hidden, queries.dtype);
        fixed (byte* asking = queries.bytes, asked = keysAndValues.bytes, answer = context.bytes)
        {
            if (queries.dtype == ScalarType.Float32)
                Attend(Packed((float*)asking, (float*)asked, (float*)answer), allCores);
            else
                Attend(Packed((ushort*)asking, (ushort*)asked, (ushort*)answer), allCores);
        }
        return context;

        Batch<T> Packed<T>(T* from, T* to, T* answer)
            where T : unmanaged => new()
            {
                Queries = from, QueryStride = (int)queries.shape[1], Values = to + keysAndValues.shape[1] - hidden, KeyStride = (int)keysAndValues.shape[1],
                Context = answer, Hidden = hidden, Heads = heads, Groups = groups, FirstAlone = firstAlone,
            };
    }

    private static void Attend<T>(Batch<T> batch, bool allCores)
        where T : unmanaged
    {
        if (allCores && batch.Groups.Sum(group => group.Rows * group.Length * group.Length) * batch.Hidden > WorthSharing)
            Parallel.For(0, batch.Heads, head => Attend(batch, head, head + 1));
        else
            Attend(batch, 0, batch.Heads);
    }

    /// <param name="batch">The batch.</param>
    /// <param name="from">The first head.</param>
    /// <param name="to">The head after the last one.</param>
    private static void Attend<T>(Batch<T> batch, int from, int to)
        where T : unmanaged
    {
        int size = batch.Hidden / batch.Heads;
        float[] rented = ArrayPool<float>.Shared.Rent(Head.Buffer((int)batch.Groups.Max(group => group.Length), size) + Lanes);
        fixed (float* start = rented)
        {
            float* buffer = (float*)(((nint)start + 63) & ~63); // a vector is a line of the cache
            T* queries = batch.Queries, values = batch.Values, context = batch.Context;
            foreach ((long rows, long length) in batch.Groups)
            {
                int asking = batch.FirstAlone ? 1 : (int)length;
                var head = new Head(buffer, (int)length, size);
                for (long row = 0; row < rows; row++)
                {
                    for (int at = from * size; at < to * size; at += size)
                        head.Attend(queries + at, batch.QueryStride, asking, values + at - batch.Hidden, values + at, batch.KeyStride, context + at,
                            batch.Hidden);
                    queries += (long)asking * batch.QueryStride;
                    context += (long)asking * batch.Hidden;
                    values += length * batch.KeyStride;
                }
            }
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <typeparam name="T">float, or ushort for bfloat16</typeparam>
    private readonly struct Batch<T>
        where T : unmanaged
    {
        public T* Queries { get; init; }

        public int QueryStride { get; init; }

        public T* Values { get; init; }

        public int KeyStride { get; init; }

        public T* Context { get; init; }

        public int Hidden { get; init; }

        public int Heads { get; init; }

        public IReadOnlyList<(long Rows, long Length)> Groups { get; init; }

        public bool FirstAlone { get; init; }
    }

    /// <summary>One head of one row, with its part of the buffer.</summary>
    private readonly ref struct Head(float* buffer, int length, int size)
    {
        private readonly int _padded = RoundedUp(length);
        private readonly float* _keys = buffer; // [size, padded]
        private readonly float* _values = buffer + size * RoundedUp(length); // [length, size]
        private readonly float* _queries = buffer + size * (RoundedUp(length) + length); // [rows at once, size]
        private readonly float* _scores = buffer + size * (RoundedUp(length) + length + RowsAtOnce); // [rows at once, padded]

        public static int Buffer(int length, int size) => size * (RoundedUp(length) + length + RowsAtOnce) + RowsAtOnce * RoundedUp(length);

        [MethodImpl(Optimized)]
        public void Attend<T>(T* queries, int queryStride, int asking, T* keys, T* values, int keyStride, T* context, int contextStride)
            where T : unmanaged
        {
            Transpose(keys, keyStride, length, size, _keys);
            for (int token = 0; token < length; token++)
                Copy(values + (long)token * keyStride, _values + token * size);
            float* sums = stackalloc float[RowsAtOnce];
            for (int at = 0; at < asking; at += RowsAtOnce)
            {
                int count = Math.Min(RowsAtOnce, asking - at);
                for (int query = 0; query < RowsAtOnce; query++) // the last one again where there are fewer
                    Copy(queries + (long)(at + Math.Min(query, count - 1)) * queryStride, _queries + query * size);
                Multiply(_queries, size, size, _keys, _padded, _scores);
                for (int query = 0; query < count; query++)
                    sums[query] = Exponentials(_scores + query * _padded, length);
                Multiply(_scores, _padded, length, _values, size, _queries);
                for (int query = 0; query < count; query++)
                    Write(_queries + query * size, 1 / sums[query], context + (long)(at + query) * contextStride);
            }
        }

        [MethodImpl(Optimized)]
        private void Copy<T>(T* from, float* to)
            where T : unmanaged
        {
            for (int i = 0; i < size; i += Lanes)
            {
                Sse.Prefetch0(from + size + i); // the next head's
                Load(from + i).Store(to + i);
            }
        }

        [MethodImpl(Optimized)]
        private void Write<T>(float* from, float factor, T* to)
            where T : unmanaged
        {
            for (int i = 0; i < size; i += Lanes)
                Store(Vector512.Load(from + i) * factor, to + i);
        }
    }
}
