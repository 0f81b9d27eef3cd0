namespace SentimentML.Numerics;

/// <summary>
/// Steele, Lea and Flood's SplitMix64 ("Fast splittable pseudorandom number generators", 2014): eight bytes of state that cost
/// nothing to start, so that every resample has its own generator and the result does not depend on which thread drew which.
/// </summary>
internal struct SplitMix64(ulong state)
{
    private const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong _state = state;

    /// <summary>One of many generators of a seed.</summary>
    public SplitMix64(int seed, int stream)
        : this(Mix(Mix((ulong)(uint)seed) ^ ((ulong)(uint)stream + 1) * Increment))
    {
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(_state += Increment);

    /// <summary>A number from 0 up to, and without, <paramref name="limit"/>.</summary>
    public int Next(int limit) => (int)((Next() >> 32) * (ulong)limit >> 32);

    /// <summary>The generator's finalizer: spreads every bit of the input over all of the output.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }
}
