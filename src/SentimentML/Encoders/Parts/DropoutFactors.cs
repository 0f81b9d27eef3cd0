using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SentimentML.Numerics;

namespace SentimentML.Encoders;

/// <summary>The factors of dropout: 0 with a probability, otherwise the number that keeps the expectation.</summary>
/// <param name="probability">From 0 to 1.</param>
internal readonly struct DropoutFactors(double probability)
{
    /// <summary>An element is kept if its random number is at least this.</summary>
    public uint LeastKept { get; } = (uint)Math.Min(Math.Round(probability * (1L << 32)), uint.MaxValue);

    /// <summary>The factor of an element that is kept; 0 if none is.</summary>
    public float Kept { get; } = probability < 1 ? (float)(1 / (1 - probability)) : 0;

    public bool Drop => LeastKept > 0;

    /// <summary>The next 16 factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Next(ref VectorRandom random) =>
        (Vector512.GreaterThanOrEqual(Vector512.Create(random.Next(), random.Next()), Vector512.Create(LeastKept))
            & Vector512.Create(Kept).AsUInt32()).AsSingle();
}
