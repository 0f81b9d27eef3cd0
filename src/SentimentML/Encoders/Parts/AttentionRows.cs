using SentimentML.Numerics;

namespace SentimentML.Encoders;

/// <summary>Rows that stand one after the other, each of which sees its own tokens only.</summary>
/// <param name="Hidden">All heads' sizes together.</param>
/// <param name="Heads">The number of heads.</param>
/// <param name="Groups">How many rows of which length follow each other.</param>
/// <param name="Dropout">The share of the probabilities that is dropped.</param>
/// <param name="Seed">Where the random numbers of the dropout begin.</param>
internal sealed record AttentionRows(int Hidden, int Heads, IReadOnlyList<(long Rows, long Length)> Groups, double Dropout = 0, ulong Seed = 0)
{
    private const long WorthSharing = 1 << 22; // products, a tenth of a millisecond

    public int HeadSize => Hidden / Heads;

    public int Longest { get; } = (int)Groups.Max(group => group.Length);

    /// <summary>Whether there is enough to do to divide the heads among the cores.</summary>
    public bool IsWorthSharing => Groups.Sum(group => group.Rows * group.Length * group.Length) * Hidden > WorthSharing;

    /// <summary>The random numbers of a head of a row: the same in the forward and the backward pass, on whatever thread.</summary>
    public VectorRandom Random(long row, int head) => Dropout > 0 ? new(Seed + (ulong)(row * Heads + head)) : default;
}
