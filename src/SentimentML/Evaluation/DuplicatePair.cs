namespace SentimentML.Evaluation;

/// <summary>Two texts that are the same, or nearly.</summary>
/// <param name="First">The text of the first set, or the earlier one of the same set, from 0.</param>
/// <param name="Second">The text of the second set, or the later one of the same set, from 0.</param>
/// <param name="Similarity">The share of words and word pairs that they have in common, up to 1.</param>
/// <param name="IsExact">Whether their words are the same in the same order; case, accents and punctuation aside.</param>
internal readonly record struct DuplicatePair(int First, int Second, double Similarity, bool IsExact);
