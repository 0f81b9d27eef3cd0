using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.Inference;

/// <summary>
/// Attention (Vaswani et al., 2017, arXiv:1706.03762) within rows that stand one after the other, in float32 on vectors of 512 bits. A head
/// of a row is small: its keys, values and scores stay in the core's own caches, where libtorch's operators write each step to memory and
/// are called again for every length of rows.
/// </summary>
internal static unsafe class PackedAttention
{
    /// <summary>At the first call already: the code that the runtime makes at first takes many times as long, and the first texts wait for it.</summary>
    private const MethodImplOptions Optimized = MethodImplOptions.AggressiveOptimization;

    private const int Lanes = 16; // numbers in a vector
    private const int QueriesAtOnce = 4;
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

    private static int RoundedUp(int count) => (count + Lanes - 1) / Lanes * Lanes;

    /// <summary>One head of one row, with its part of the buffer.</summary>
    private readonly ref struct Head(float* buffer, int length, int size)
    {
        private readonly int _padded = RoundedUp(length);
        private readonly float* _keys = buffer; // [size, padded]
        private readonly float* _values = buffer + size * RoundedUp(length); // [length, size]
        private readonly float* _queries = buffer + size * (RoundedUp(length) + length); // [queries at once, size]
        private readonly float* _scores = buffer + size * (RoundedUp(length) + length + QueriesAtOnce); // [queries at once, padded]

        public static int Buffer(int length, int size) => size * (RoundedUp(length) + length + QueriesAtOnce) + QueriesAtOnce * RoundedUp(length);

        [MethodImpl(Optimized)]
        public void Attend<T>(T* queries, int queryStride, int asking, T* keys, T* values, int keyStride, T* context, int contextStride)
            where T : unmanaged
        {
            Transpose(keys, keyStride);
            for (int token = 0; token < length; token++)
                Copy(values + (long)token * keyStride, _values + token * size);
            float* sums = stackalloc float[QueriesAtOnce];
            for (int at = 0; at < asking; at += QueriesAtOnce)
            {
                int count = Math.Min(QueriesAtOnce, asking - at);
                for (int query = 0; query < QueriesAtOnce; query++) // the last one again where there are fewer
                    Copy(queries + (long)(at + Math.Min(query, count - 1)) * queryStride, _queries + query * size);
                Multiply(_queries, size, size, _keys, _padded, _scores);
                for (int query = 0; query < count; query++)
                    sums[query] = Exponentials(_scores + query * _padded);
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

        /// <summary>Keys as [size, padded], so that a vector holds a number of 16 tokens' keys.</summary>
        [MethodImpl(Optimized)]
        private void Transpose<T>(T* keys, int keyStride)
            where T : unmanaged
        {
            Vector512<float>* half = stackalloc Vector512<float>[Lanes];
            for (int token = 0; token < length; token += Lanes)
                for (int i = 0; i < size; i += Lanes)
                {
                    T* square = keys + (long)token * keyStride + i;
                    int left = length - token;
                    for (int row = 0; row < 4; row++)
                        Weave(
                            Row(square, keyStride, row, left), Row(square, keyStride, row + 4, left),
                            Row(square, keyStride, row + 8, left), Row(square, keyStride, row + 12, left),
                            (float*)(half + 4 * row), Lanes);
                    for (int row = 0; row < 4; row++)
                        Weave(half[row], half[row + 4], half[row + 8], half[row + 12], _keys + (i + 4 * row) * _padded + token, _padded);
                }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector512<float> Row<T>(T* square, int stride, int row, int rows)
            where T : unmanaged
        {
            if (row >= rows)
                return default;
            Sse.Prefetch0(square + (long)row * stride + size); // the next head's
            return Load(square + (long)row * stride);
        }

        /// <summary>
        /// Weaves a square's rows into each other, each with the one that is half of the square below it, two times. Four times make
        /// columns of the rows.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Weave(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* to, int stride)
        {
            Vector512<int> low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), high = low + Vector512.Create(8);
            Vector512<float> first = Avx512F.PermuteVar16x32x2(a, low, c), second = Avx512F.PermuteVar16x32x2(a, high, c);
            Vector512<float> third = Avx512F.PermuteVar16x32x2(b, low, d), fourth = Avx512F.PermuteVar16x32x2(b, high, d);
            Avx512F.PermuteVar16x32x2(first, low, third).Store(to);
            Avx512F.PermuteVar16x32x2(first, high, third).Store(to + stride);
            Avx512F.PermuteVar16x32x2(second, low, fourth).Store(to + 2 * stride);
            Avx512F.PermuteVar16x32x2(second, high, fourth).Store(to + 3 * stride);
        }

        /// <summary>Scores less the greatest one become their exponentials, 0 behind the row's end.</summary>
        /// <returns>The exponentials' sum.</returns>
        [MethodImpl(Optimized)]
        private float Exponentials(float* scores)
        {
            Vector512<float> last = Vector512.ConditionalSelect(
                Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(length - (_padded - Lanes))).AsSingle(),
                Vector512.Load(scores + _padded - Lanes), Vector512.Create(float.NegativeInfinity));
            last.Store(scores + _padded - Lanes);
            Vector512<float> most = last;
            for (int i = 0; i < _padded - Lanes; i += Lanes)
                most = Avx512F.Max(most, Vector512.Load(scores + i));
            Vector512<float> greatest = Vector512.Create(Greatest(most)), sum = default;
            for (int i = 0; i < _padded; i += Lanes)
            {
                Vector512<float> exponential = Exp(Vector512.Load(scores + i) - greatest);
                exponential.Store(scores + i);
                sum += exponential;
            }
            return Vector512.Sum(sum);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static float Greatest(Vector512<float> numbers)
        {
            Vector256<float> eight = Vector256.Max(numbers.GetLower(), numbers.GetUpper());
            Vector128<float> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
            four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
            return MathF.Max(four[0], four[1]);
        }
    }

    /// <summary>
    /// The product of four rows and a matrix of 32 columns at a time, which is as many sums as hide the time that one addition takes.
    /// </summary>
    /// <param name="a">[4, inner]</param>
    /// <param name="aStride">From a row to the next.</param>
    /// <param name="inner">How many products make a sum.</param>
    /// <param name="b">[inner, columns]</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="c">[4, columns]</param>
    [MethodImpl(Optimized)]
    private static void Multiply(float* a, int aStride, int inner, float* b, int columns, float* c)
    {
        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride;
        float* c1 = c + columns, c2 = c1 + columns, c3 = c2 + columns;
        int column = 0;
        for (; column + 2 * Lanes <= columns; column += 2 * Lanes)
        {
            Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default, next0 = default, next1 = default, next2 = default, next3 = default;
            float* row = b + column;
            for (int i = 0; i < inner; i++, row += columns)
            {
                Vector512<float> left = Vector512.Load(row), right = Vector512.Load(row + Lanes);
                Vector512<float> factor = Vector512.Create(a[i]);
                sum0 = Avx512F.FusedMultiplyAdd(factor, left, sum0);
                next0 = Avx512F.FusedMultiplyAdd(factor, right, next0);
                factor = Vector512.Create(a1[i]);
                sum1 = Avx512F.FusedMultiplyAdd(factor, left, sum1);
                next1 = Avx512F.FusedMultiplyAdd(factor, right, next1);
                factor = Vector512.Create(a2[i]);
                sum2 = Avx512F.FusedMultiplyAdd(factor, left, sum2);
                next2 = Avx512F.FusedMultiplyAdd(factor, right, next2);
                factor = Vector512.Create(a3[i]);
                sum3 = Avx512F.FusedMultiplyAdd(factor, left, sum3);
                next3 = Avx512F.FusedMultiplyAdd(factor, right, next3);
            }
            sum0.Store(c + column);
            next0.Store(c + column + Lanes);
            sum1.Store(c1 + column);
            next1.Store(c1 + column + Lanes);
            sum2.Store(c2 + column);
            next2.Store(c2 + column + Lanes);
            sum3.Store(c3 + column);
            next3.Store(c3 + column + Lanes);
        }
        if (column < columns)
        {
            Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            float* row = b + column;
            for (int i = 0; i < inner; i++, row += columns)
            {
                Vector512<float> left = Vector512.Load(row);
                sum0 = Avx512F.FusedMultiplyAdd(Vector512.Create(a[i]), left, sum0);
                sum1 = Avx512F.FusedMultiplyAdd(Vector512.Create(a1[i]), left, sum1);
                sum2 = Avx512F.FusedMultiplyAdd(Vector512.Create(a2[i]), left, sum2);
                sum3 = Avx512F.FusedMultiplyAdd(Vector512.Create(a3[i]), left, sum3);
            }
            sum0.Store(c + column);
            sum1.Store(c1 + column);
            sum2.Store(c2 + column);
            sum3.Store(c3 + column);
        }
    }

    /// <summary>
    /// e to the power of numbers of at most 0: 2 to the whole part of x / ln 2 times the rest's Taylor polynomial, which is right to the last bit but one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exp(Vector512<float> x)
    {
        Vector512<float> whole = Avx512F.RoundScale(x * 1.44269504f, 8); // to the nearest
        // ln 2 in two parts, the first of which has few enough bits for an exact product.
        Vector512<float> rest =
            Avx512F.FusedMultiplyAddNegated(whole, Vector512.Create(1.42860677e-6f), Avx512F.FusedMultiplyAddNegated(whole, Vector512.Create(0.693145752f), x));
        Vector512<float> power = Vector512.Create(1f / 720);
        power = Avx512F.FusedMultiplyAdd(power, rest, Vector512.Create(1f / 120));
        power = Avx512F.FusedMultiplyAdd(power, rest, Vector512.Create(1f / 24));
        power = Avx512F.FusedMultiplyAdd(power, rest, Vector512.Create(1f / 6));
        power = Avx512F.FusedMultiplyAdd(power, rest, Vector512.Create(0.5f));
        power = Avx512F.FusedMultiplyAdd(power, rest, Vector512<float>.One);
        power = Avx512F.FusedMultiplyAdd(power, rest, Vector512<float>.One);
        return Avx512F.Scale(power, whole); // of -∞ (padding) the polynomial is NaN, and VSCALEFPS is defined as 0 for NaN times 2 to the -∞
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load<T>(T* from)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector512.Load((float*)from)
            : Vector512.ShiftLeft(Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)from)), 16).AsSingle();

    /// <summary>To the nearest, the even one of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector512<float> numbers, T* to)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            numbers.Store((float*)to);
            return;
        }
        Vector512<uint> bits = numbers.AsUInt32();
        bits += Vector512.Create(0x7fffu) + (bits >>> 16 & Vector512<uint>.One);
        Avx512F.ConvertToVector256UInt16(bits >>> 16).Store((ushort*)to);
    }
}
