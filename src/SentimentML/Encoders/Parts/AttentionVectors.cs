using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SentimentML.Encoders;

/// <summary>What attention is made of, in float32 on vectors of 512 bits (AVX-512).</summary>
internal static unsafe class AttentionVectors
{
    /// <summary>From the first call on: the code that the runtime makes at first takes many times as long, and the first texts would wait for it.</summary>
    public const MethodImplOptions Optimized = MethodImplOptions.AggressiveOptimization;

    /// <summary>Numbers in a vector.</summary>
    public const int Lanes = 16;

    /// <summary>Rows that <see cref="Multiply"/> takes.</summary>
    public const int RowsAtOnce = 4;

    /// <summary>Up to a multiple of 16.</summary>
    public static int RoundedUp(int count) => (count + Lanes - 1) / Lanes * Lanes;

    /// <summary>A head's vectors as columns, so that a vector of 16 numbers holds one number of 16 tokens.</summary>
    /// <param name="from">[tokens, stride], at the head's first number</param>
    /// <param name="stride">From a token to the next.</param>
    /// <param name="length">Tokens.</param>
    /// <param name="size">Numbers of the head.</param>
    /// <param name="to">[size, tokens rounded up to a multiple of 16], zeros behind the last token</param>
    [MethodImpl(Optimized)]
    public static void Transpose<T>(T* from, int stride, int length, int size, float* to)
        where T : unmanaged
    {
        int padded = RoundedUp(length);
        Vector512<float>* half = stackalloc Vector512<float>[Lanes];
        for (int token = 0; token < length; token += Lanes)
            for (int i = 0; i < size; i += Lanes)
            {
                T* square = from + (long)token * stride + i;
                int left = length - token;
                for (int row = 0; row < 4; row++)
                    Weave(
                        Row(square, stride, size, row, left), Row(square, stride, size, row + 4, left),
                        Row(square, stride, size, row + 8, left), Row(square, stride, size, row + 12, left),
                        (float*)(half + 4 * row), Lanes);
                for (int row = 0; row < 4; row++)
                    Weave(half[row], half[row + 4], half[row + 8], half[row + 12], to + (i + 4 * row) * padded + token, padded);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Row<T>(T* square, int stride, int size, int row, int rows)
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
    /// <param name="scores">[length rounded up to a multiple of 16]</param>
    /// <param name="length">How many there are.</param>
    /// <returns>The exponentials' sum.</returns>
    [MethodImpl(Optimized)]
    public static float Exponentials(float* scores, int length)
    {
        int padded = RoundedUp(length);
        Vector512<float> last = Vector512.ConditionalSelect(
            Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(length - (padded - Lanes))).AsSingle(),
            Vector512.Load(scores + padded - Lanes), Vector512.Create(float.NegativeInfinity));
        last.Store(scores + padded - Lanes);
        Vector512<float> most = last;
        for (int i = 0; i < padded - Lanes; i += Lanes)
            most = Avx512F.Max(most, Vector512.Load(scores + i));
        Vector512<float> greatest = Vector512.Create(Greatest(most)), sum = default;
        for (int i = 0; i < padded; i += Lanes)
        {
            Vector512<float> exponential = Exp(Vector512.Load(scores + i) - greatest);
            exponential.Store(scores + i);
            sum += exponential;
        }
        return Vector512.Sum(sum);
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
    public static void Multiply(float* a, int aStride, int inner, float* b, int columns, float* c)
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

    /// <summary>Reads numbers, times a factor.</summary>
    /// <param name="from">[count], a multiple of 16</param>
    /// <param name="count">How many.</param>
    /// <param name="factor">What they are multiplied by.</param>
    /// <param name="to">[count]</param>
    [MethodImpl(Optimized)]
    public static void Read<T>(T* from, int count, float factor, float* to)
        where T : unmanaged
    {
        for (int i = 0; i < count; i += Lanes)
        {
            Sse.Prefetch0(from + count + i); // the next head's
            (Load(from + i) * factor).Store(to + i);
        }
    }

    /// <summary>Reads a head's numbers of four tokens; where there are fewer, the last token's again.</summary>
    /// <param name="from">[tokens, stride], at the head's first number of the first token</param>
    /// <param name="stride">From a token to the next.</param>
    /// <param name="tokens">How many there are, up to 4.</param>
    /// <param name="size">Numbers of the head.</param>
    /// <param name="factor">What they are multiplied by.</param>
    /// <param name="to">[4, size]</param>
    [MethodImpl(Optimized)]
    public static void ReadRows<T>(T* from, int stride, int tokens, int size, float factor, float* to)
        where T : unmanaged
    {
        for (int row = 0; row < RowsAtOnce; row++)
            Read(from + (long)Math.Min(row, tokens - 1) * stride, size, factor, to + row * size);
    }

    /// <summary>Writes numbers, times a factor.</summary>
    /// <param name="from">[count], a multiple of 16</param>
    /// <param name="count">How many.</param>
    /// <param name="factor">What they are multiplied by.</param>
    /// <param name="to">[count]</param>
    [MethodImpl(Optimized)]
    public static void Write<T>(float* from, int count, float factor, T* to)
        where T : unmanaged
    {
        for (int i = 0; i < count; i += Lanes)
            Store(Vector512.Load(from + i) * factor, to + i);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Greatest(Vector512<float> numbers)
    {
        Vector256<float> eight = Vector256.Max(numbers.GetLower(), numbers.GetUpper());
        Vector128<float> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(four[0], four[1]);
    }
}
