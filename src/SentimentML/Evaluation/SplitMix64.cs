namespace SentimentML.Evaluation;

/// <summary>
/// Steele, Lea and Flood's SplitMix64: a generator of eight bytes of state that costs nothing to start, so that every
/// resample has its own, and the result does not depend on which thread drew which.
/// </summary>
internal struct SplitMix64(int seed, int stream)
{
    private ulong state = Mix(Mix((ulong)(uint)seed) ^ ((ulong)(uint)stream + 1) * 0x9E3779B97F4A7C15);

    /// <summary>A number from 0 up to, and without, <paramref name="limit"/>.</summary>
    public int Next(int limit)
    {
        state += 0x9E3779B97F4A7C15;
        return (int)((Mix(state) >> 32) * (ulong)limit >> 32);
    }

    /// <summary>The generator's finalizer: spreads every bit of the input over all of the output.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }
}
