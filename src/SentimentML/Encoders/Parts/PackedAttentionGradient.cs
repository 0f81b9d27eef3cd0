using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SentimentML.Numerics;
using static SentimentML.Encoders.AttentionVectors;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>
/// The gradients of <see cref="PackedAttention"/>. As in FlashAttention (Dao et al., 2022, arXiv:2205.14135), the forward pass keeps no
/// probability: they are computed again here, and the same dropout is drawn again.
/// </summary>
internal static unsafe class PackedAttentionGradient
{
    /// <param name="query">As it was in the forward pass; keys and values likewise.</param>
    /// <param name="key">What is compared with the queries.</param>
    /// <param name="value">What is averaged.</param>
    /// <param name="gradient">[tokens, hidden], the loss by the context</param>
    /// <param name="rows">Which tokens belong together.</param>
    /// <returns>The loss by the queries, the keys and the values.</returns>
    public static (Tensor Query, Tensor Key, Tensor Value) Of(Tensor query, Tensor key, Tensor value, Tensor gradient, AttentionRows rows)
    {
        (Tensor Query, Tensor Key, Tensor Value) by = (empty_like(query), empty_like(key), empty_like(value));
        using Tensor q = query.contiguous(), k = key.contiguous(), v = value.contiguous(), c = gradient.contiguous();
        fixed (byte* queries = q.bytes, keys = k.bytes, values = v.bytes, byContext = c.bytes)
        fixed (byte* byQueries = by.Query.bytes, byKeys = by.Key.bytes, byValues = by.Value.bytes)
            Compute(query.dtype, new Places(queries, keys, values, byContext, byQueries, byKeys, byValues), rows);
        return by;
    }

    private static void Compute(ScalarType type, Places places, AttentionRows rows)
    {
        Action<int> head = type == ScalarType.Float32 ? head => Compute<float>(places, rows, head) : head => Compute<ushort>(places, rows, head);
        if (rows.IsWorthSharing)
            Parallel.For(0, rows.Heads, head);
        else
            for (int i = 0; i < rows.Heads; i++)
                head(i);
    }

    /// <summary>A head of all rows.</summary>
    /// <typeparam name="T">float, or ushort for bfloat16</typeparam>
    private static void Compute<T>(Places places, AttentionRows rows, int number)
        where T : unmanaged
    {
        float[] rented = ArrayPool<float>.Shared.Rent(Head.Buffer(rows.Longest, rows.HeadSize) + Lanes);
        fixed (float* start = rented)
        {
            float* buffer = (float*)(((nint)start + 63) & ~63); // a vector is a line of the cache
            long at = number * rows.HeadSize;
            int row = 0;
            foreach ((long count, long length) in rows.Groups)
            {
                var head = new Head(buffer, (int)length, rows);
                for (long end = row + count; row < end; row++, at += length * rows.Hidden)
                    head.Compute(new Numbers<T>(places, at), rows.Random(row, number));
            }
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>Where the tensors are: the inputs of the forward pass, and the loss by its output and by them.</summary>
    private sealed class Places(byte* query, byte* key, byte* value, byte* byContext, byte* byQuery, byte* byKey, byte* byValue)
    {
        public readonly byte* Query = query, Key = key, Value = value, ByContext = byContext, ByQuery = byQuery, ByKey = byKey, ByValue = byValue;
    }

    /// <summary>The same, from one of their numbers on.</summary>
    private readonly struct Numbers<T>(Places places, long at)
        where T : unmanaged
    {
        public T* Query => (T*)places.Query + at;

        public T* Key => (T*)places.Key + at;

        public T* Value => (T*)places.Value + at;

        public T* ByContext => (T*)places.ByContext + at;

        public T* ByQuery => (T*)places.ByQuery + at;

        public T* ByKey => (T*)places.ByKey + at;

        public T* ByValue => (T*)places.ByValue + at;
    }

    /// <summary>One head of one row, with its part of the buffer.</summary>
    private readonly ref struct Head
    {
        private readonly int _length, _padded, _size, _stride;
        private readonly float _scale;
        private readonly DropoutFactors _dropout;
        private readonly float* _keyColumns, _valueColumns; // [size, padded]
        private readonly float* _keys, _byKeys, _byValues; // [length, size]
        private readonly float* _queries, _gradients, _results; // [4, size]
        private readonly float* _probabilities, _dropped, _scores; // [4, padded]

        public Head(float* buffer, int length, AttentionRows rows)
        {
            (_length, _padded, _size, _stride) = (length, RoundedUp(length), rows.HeadSize, rows.Hidden);
            _scale = 1 / MathF.Sqrt(_size);
            _dropout = new DropoutFactors(rows.Dropout);
            int columns = _size * _padded, block = RowsAtOnce * _size;
            _keyColumns = buffer;
            _valueColumns = _keyColumns + columns;
            _keys = _valueColumns + columns;
            _byKeys = _keys + columns;
            _byValues = _byKeys + columns;
            _queries = _byValues + columns;
            _gradients = _queries + block;
            _results = _gradients + block;
            _probabilities = _results + block;
            _dropped = _probabilities + RowsAtOnce * _padded;
            _scores = _dropped + RowsAtOnce * _padded;
        }

        public static int Buffer(int length, int size) => 5 * size * RoundedUp(length) + 3 * RowsAtOnce * (size + RoundedUp(length));

        [MethodImpl(Optimized)]
        public void Compute<T>(Numbers<T> numbers, VectorRandom random)
            where T : unmanaged
        {
            Transpose(numbers.Key, _stride, _length, _size, _keyColumns);
            Transpose(numbers.Value, _stride, _length, _size, _valueColumns);
            for (int token = 0; token < _length; token++)
                Read(numbers.Key + (long)token * _stride, _size, 1, _keys + token * _size);
            new Span<float>(_byKeys, _length * _size).Clear();
            new Span<float>(_byValues, _length * _size).Clear();
            for (int at = 0; at < _length; at += RowsAtOnce)
            {
                int count = Math.Min(RowsAtOnce, _length - at);
                Attend(numbers.Query + (long)at * _stride, count);
                ReadRows(numbers.ByContext + (long)at * _stride, _stride, count, _size, 1, _gradients);
                Multiply(_gradients, _size, _size, _valueColumns, _padded, _scores);
                for (int query = 0; query < count; query++)
                    Softmax(query * _padded, ref random);
                int unused = (RowsAtOnce - count) * _padded;
                new Span<float>(_dropped + count * _padded, unused).Clear();
                new Span<float>(_scores + count * _padded, unused).Clear();
                AddProduct(_dropped, _gradients, _byValues);
                AddProduct(_scores, _queries, _byKeys);
                Multiply(_scores, _padded, _length, _keys, _size, _results);
                for (int query = 0; query < count; query++)
                    Write(_results + query * _size, _size, _scale, numbers.ByQuery + (long)(at + query) * _stride);
            }
            for (int token = 0; token < _length; token++)
            {
                Write(_byKeys + token * _size, _size, 1, numbers.ByKey + (long)token * _stride);
                Write(_byValues + token * _size, _size, 1, numbers.ByValue + (long)token * _stride);
            }
        }

        /// <summary>The probabilities of four queries, before dropout.</summary>
        private void Attend<T>(T* queries, int count)
            where T : unmanaged
        {
            ReadRows(queries, _stride, count, _size, _scale, _queries);
            Multiply(_queries, _size, _size, _keyColumns, _padded, _probabilities);
            for (int query = 0; query < count; query++)
            {
                float* row = _probabilities + query * _padded;
                Write(row, _padded, 1 / Exponentials(row, _length), row);
            }
        }

        /// <summary>The loss by a query's dropped probabilities becomes the loss by its scores.</summary>
        /// <param name="at">Where the query's numbers begin.</param>
        /// <param name="random">The dropout's numbers.</param>
        [MethodImpl(Optimized)]
        private void Softmax(int at, ref VectorRandom random)
        {
            Vector512<float> sum = default;
            for (int i = at; i < at + _padded; i += Lanes)
            {
                Vector512<float> probability = Vector512.Load(_probabilities + i), by = Vector512.Load(_scores + i), dropped = probability;
                if (_dropout.Drop)
                {
                    Vector512<float> factors = _dropout.Next(ref random);
                    dropped *= factors;
                    by *= factors;
                    by.Store(_scores + i);
                }
                dropped.Store(_dropped + i);
                sum = Avx512F.FusedMultiplyAdd(probability, by, sum);
            }
            Vector512<float> mean = Vector512.Create(Vector512.Sum(sum));
            for (int i = at; i < at + _padded; i += Lanes)
                (Vector512.Load(_probabilities + i) * (Vector512.Load(_scores + i) - mean)).Store(_scores + i);
        }

        /// <summary>Adds to each token's row four rows, times the token's four numbers.</summary>
        /// <param name="numbers">[4, padded]</param>
        /// <param name="rows">[4, size]</param>
        /// <param name="sums">[length, size]</param>
        [MethodImpl(Optimized)]
        private void AddProduct(float* numbers, float* rows, float* sums)
        {
            float* numbers1 = numbers + _padded, numbers2 = numbers1 + _padded, numbers3 = numbers2 + _padded;
            for (int i = 0; i < _size; i += Lanes)
            {
                Vector512<float> row0 = Vector512.Load(rows + i), row1 = Vector512.Load(rows + _size + i);
                Vector512<float> row2 = Vector512.Load(rows + 2 * _size + i), row3 = Vector512.Load(rows + 3 * _size + i);
                float* sum = sums + i;
                for (int token = 0; token < _length; token++, sum += _size)
                {
                    Vector512<float> first = Avx512F.FusedMultiplyAdd(Vector512.Create(numbers[token]), row0, Vector512.Load(sum));
                    Vector512<float> second = Vector512.Create(numbers1[token]) * row1;
                    first = Avx512F.FusedMultiplyAdd(Vector512.Create(numbers2[token]), row2, first);
                    second = Avx512F.FusedMultiplyAdd(Vector512.Create(numbers3[token]), row3, second);
                    (first + second).Store(sum);
                }
            }
        }
    }
}
