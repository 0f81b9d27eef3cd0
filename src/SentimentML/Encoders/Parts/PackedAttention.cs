using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SentimentML.Numerics;
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
        int stride = (int)keysAndValues.shape[1], bytes = (int)queries.element_size();
        Tensor context = firstAlone ? zeros(queries.shape[0], hidden, queries.dtype) : empty(queries.shape[0], hidden, queries.dtype);
        fixed (byte* asking = queries.bytes, asked = keysAndValues.bytes, answer = context.bytes)
        {
            byte* values = asked + (stride - hidden) * bytes;
            Attend(
                queries.dtype,
                new Batch
                {
                    Queries = asking, QueryStride = (int)queries.shape[1], Keys = values - hidden * bytes, Values = values, KeyStride = stride,
                    Context = answer, Scale = 1, FirstAlone = firstAlone, Rows = new AttentionRows(hidden, heads, groups),
                },
                allCores);
        }
        return context;
    }

    /// <summary>The attention of a batch in training.</summary>
    /// <param name="query">[tokens, hidden], float32 or bfloat16; keys and values likewise</param>
    /// <param name="key">What is compared with the queries.</param>
    /// <param name="value">What is averaged.</param>
    /// <param name="rows">Which tokens belong together, and their dropout.</param>
    /// <returns>[tokens, hidden]</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, AttentionRows rows)
    {
        Tensor context = empty_like(query);
        using Tensor q = query.contiguous(), k = key.contiguous(), v = value.contiguous();
        fixed (byte* queries = q.bytes, keys = k.bytes, values = v.bytes, answer = context.bytes)
            Attend(
                query.dtype,
                new Batch
                {
                    Queries = queries, QueryStride = rows.Hidden, Keys = keys, Values = values, KeyStride = rows.Hidden,
                    Context = answer, Scale = 1 / MathF.Sqrt(rows.HeadSize), Rows = rows,
                },
                allCores: true);
        return context;
    }

    private static void Attend(ScalarType type, Batch batch, bool allCores)
    {
        if (allCores && batch.Rows.IsWorthSharing)
            Parallel.For(0, batch.Rows.Heads, head => Heads(head, head + 1));
        else
            Heads(0, batch.Rows.Heads);

        void Heads(int from, int to)
        {
            if (type == ScalarType.Float32)
                Attend<float>(batch, from, to);
            else
                Attend<ushort>(batch, from, to);
        }
    }

    /// <typeparam name="T">float, or ushort for bfloat16</typeparam>
    /// <param name="batch">The batch.</param>
    /// <param name="from">The first head.</param>
    /// <param name="to">The head after the last one.</param>
    private static void Attend<T>(Batch batch, int from, int to)
        where T : unmanaged
    {
        AttentionRows packed = batch.Rows;
        int size = packed.HeadSize, row = 0;
        var dropout = new DropoutFactors(packed.Dropout);
        float[] rented = ArrayPool<float>.Shared.Rent(Head.Buffer(packed.Longest, size) + Lanes);
        fixed (float* start = rented)
        {
            float* buffer = (float*)(((nint)start + 63) & ~63); // a vector is a line of the cache
            T* queries = (T*)batch.Queries, keys = (T*)batch.Keys, values = (T*)batch.Values, context = (T*)batch.Context;
            foreach ((long rows, long length) in packed.Groups)
            {
                int asking = batch.FirstAlone ? 1 : (int)length;
                var head = new Head(buffer, (int)length, size, batch.Scale, dropout);
                for (long end = row + rows; row < end; row++)
                {
                    for (int number = from; number < to; number++)
                    {
                        int at = number * size;
                        head.Attend(queries + at, batch.QueryStride, asking, keys + at, values + at, batch.KeyStride, context + at, packed.Hidden,
                            packed.Random(row, number));
                    }
                    queries += (long)asking * batch.QueryStride;
                    context += (long)asking * packed.Hidden;
                    keys += length * batch.KeyStride;
                    values += length * batch.KeyStride;
                }
            }
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    private readonly struct Batch
    {
        public byte* Queries { get; init; }

        public int QueryStride { get; init; }

        public byte* Keys { get; init; }

        public byte* Values { get; init; }

        /// <summary>The values' too.</summary>
        public int KeyStride { get; init; }

        public byte* Context { get; init; }

        /// <summary>What the queries are multiplied by.</summary>
        public float Scale { get; init; }

        public bool FirstAlone { get; init; }

        public AttentionRows Rows { get; init; }
    }

    /// <summary>One head of one row, with its part of the buffer.</summary>
    private readonly ref struct Head(float* buffer, int length, int size, float scale, DropoutFactors dropout)
    {
        private readonly int _padded = RoundedUp(length);
        private readonly float* _keys = buffer; // [size, padded]
        private readonly float* _values = buffer + size * RoundedUp(length); // [length, size]
        private readonly float* _queries = buffer + size * (RoundedUp(length) + length); // [rows at once, size]
        private readonly float* _scores = buffer + size * (RoundedUp(length) + length + RowsAtOnce); // [rows at once, padded]

        public static int Buffer(int length, int size) => size * (RoundedUp(length) + length + RowsAtOnce) + RowsAtOnce * RoundedUp(length);

        [MethodImpl(Optimized)]
        public void Attend<T>(
            T* queries, int queryStride, int asking, T* keys, T* values, int keyStride, T* context, int contextStride, VectorRandom random)
            where T : unmanaged
        {
            Transpose(keys, keyStride, length, size, _keys);
            for (int token = 0; token < length; token++)
                Read(values + (long)token * keyStride, size, 1, _values + token * size);
            float* sums = stackalloc float[RowsAtOnce];
            for (int at = 0; at < asking; at += RowsAtOnce)
            {
                int count = Math.Min(RowsAtOnce, asking - at);
                ReadRows(queries + (long)at * queryStride, queryStride, count, size, scale, _queries);
                Multiply(_queries, size, size, _keys, _padded, _scores);
                for (int query = 0; query < count; query++)
                    sums[query] = Exponentials(_scores + query * _padded, length);
                if (dropout.Drop)
                    for (int i = 0; i < count * _padded; i += Lanes)
                        (Vector512.Load(_scores + i) * dropout.Next(ref random)).Store(_scores + i);
                Multiply(_scores, _padded, length, _values, size, _queries);
                for (int query = 0; query < count; query++)
                    Write(_queries + query * size, size, 1 / sums[query], context + (long)(at + query) * contextStride);
            }
        }
    }
}
