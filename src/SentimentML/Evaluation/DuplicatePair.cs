namespace SentimentML;

/// <summary>Two texts that are the same, or nearly.</summary>
public readonly record struct DuplicatePair
{
    internal DuplicatePair(int first, int second, double similarity, bool isExact) =>
        (First, Second, Similarity, IsExact) = (first, second, similarity, isExact);

    /// <summary>The text of the first set, or the earlier one of the same set, from 0.</summary>
    public int First { get; }

    /// <summary>The text of the second set, or the later one of the same set, from 0.</summary>
    public int Second { get; }

    /// <summary>The share of words and word pairs that they have in common, up to 1.</summary>
    public double Similarity { get; }

    /// <summary>Whether their words are the same in the same order; case, accents and punctuation aside.</summary>
    public bool IsExact { get; }
}
