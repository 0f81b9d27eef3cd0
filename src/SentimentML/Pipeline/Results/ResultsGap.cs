namespace SentimentML.Pipeline.Results;

/// <summary>Trainings that have no result yet.</summary>
/// <param name="Round">Their round, from 1; the folds of a cross-validation are one round.</param>
/// <param name="Missing">Their places in it, from 0.</param>
internal sealed record ResultsGap(int Round, IReadOnlyList<int> Missing);
