namespace SentimentML.Encoders;

/// <summary>Rows that stand one after the other, each of which sees its own tokens only.</summary>
/// <param name="Hidden">All heads' sizes together.</param>
/// <param name="Heads">The number of heads.</param>
/// <param name="Groups">How many rows of which length follow each other.</param>
/// <param name="Dropout">The share of the probabilities that is dropped.</param>
/// <param name="Seed">What the dropout's random numbers begin from.</param>
internal sealed record AttentionRows(int Hidden, int Heads, IReadOnlyList<(long Rows, long Length)> Groups, double Dropout = 0, ulong Seed = 0)
{
    public int HeadSize => Hidden / Heads;

    public int Longest { get; } = (int)Groups.Max(group => group.Length);

    /// <summary>Of numbers, in one of attention's matrix products.</summary>
    public long Products { get; } = Groups.Sum(group => group.Rows * group.Length * group.Length) * Hidden;
}
