using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SentimentML.Tokenization;

/// <summary>The merges in their order: which pair of tokens becomes which token, the lower rank first.</summary>
internal sealed class MergeTable
{
    /// <summary>What <see cref="RankOf"/> says of a pair that does not merge.</summary>
    public const int None = int.MaxValue;

    private readonly long[] _pairs; // by rank
    private readonly int[] _merged; // by rank
    private readonly int[] _slots; // open addressing: rank + 1, 0 for an empty slot
    private readonly int _shift;

    // Random for each table, so that no file can be crafted whose pairs all collide.
    private readonly ulong _multiplier = (ulong)Random.Shared.NextInt64() | 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private MergeTable(long[] pairs, int[] merged)
    {
        _pairs = pairs;
        _merged = merged;
        int bits = Math.Max(1, BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)pairs.Length * 2 + 1)));
        _shift = 64 - bits;
        _slots = new int[1 << bits];
        for (int rank = 0; rank < pairs.Length; rank++)
            _slots[SlotOf(pairs[rank])] = rank + 1; // of a pair that comes twice the last rank holds, as in the reference
    }

    public int Count => _pairs.Length;

    public int RankOf(int left, int right) => _slots[SlotOf(Pair(left, right))] is > 0 and int found ? found - 1 : None;

    /// <summary>The token that a merge makes.</summary>
    public int MergedOf(int rank) => _merged[rank];

    public (int Left, int Right) PairOf(int rank) => ((int)(_pairs[rank] >> 32), (int)_pairs[rank]);

    private static long Pair(int left, int right) => (long)left << 32 | (uint)right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(long pair)
    {
        int slot = (int)((ulong)(pair ^ pair >> 29) * _multiplier >> _shift);
        while (_slots[slot] is > 0 and int found && _pairs[found - 1] != pair)
            slot = (slot + 1) & (_slots.Length - 1);
        return slot;
    }

    internal sealed class Builder(int capacity)
    {
        private readonly List<long> _pairs = new(capacity);
        private readonly List<int> _merged = new(capacity);

        public int Count => _pairs.Count;

        public void Add(int left, int right, int merged)
        {
            _pairs.Add(Pair(left, right));
            _merged.Add(merged);
        }

        public MergeTable Build() => new([.. CollectionsMarshal.AsSpan(_pairs)], [.. CollectionsMarshal.AsSpan(_merged)]);
    }
}
