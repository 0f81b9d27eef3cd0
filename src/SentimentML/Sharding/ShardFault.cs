namespace SentimentML;

/// <summary>What is wrong with the results of a <see cref="ScoringPlan"/>.</summary>
/// <param name="Index">The shard whose part is missing, not whole or of another plan; null for a file that is no part of the plan.</param>
/// <param name="Problem">What is wrong, with the file's path.</param>
public sealed record ShardFault(int? Index, string Problem);
