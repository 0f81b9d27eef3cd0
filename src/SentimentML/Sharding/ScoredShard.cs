namespace SentimentML;

/// <summary>A shard of a <see cref="ScoringPlan"/> whose part is whole.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Path">The part.</param>
/// <param name="WasWhole">Whether the part was there before, so that nothing was computed.</param>
public sealed record ScoredShard(int Index, long Rows, string Path, bool WasWhole);
