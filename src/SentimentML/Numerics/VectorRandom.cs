using System.Runtime.Intrinsics;

namespace SentimentML.Numerics;

/// <summary>
/// Eight generators of random numbers side by side: xoshiro128++ (Blackman and Vigna, 2018, arXiv:1805.01407), seeded by SplitMix64 as
/// its authors advise.
/// </summary>
internal struct VectorRandom
{
    private Vector256<uint> _s0, _s1, _s2, _s3;

    public VectorRandom(ulong seed)
    {
        SplitMix64 random = new(seed);
        Vector256<uint> State() => Vector256.Create(random.Next(), random.Next(), random.Next(), random.Next()).AsUInt32();
        (_s0, _s1, _s2, _s3) = (State(), State(), State(), State());
    }

    /// <summary>The next eight numbers.</summary>
    public Vector256<uint> Next()
    {
        static Vector256<uint> Rotate(Vector256<uint> x, int by) => (x << by) | (x >>> (32 - by));
        Vector256<uint> result = Rotate(_s0 + _s3, 7) + _s0;
        Vector256<uint> shifted = _s1 << 9;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = Rotate(_s3, 11);
        return result;
    }
}
