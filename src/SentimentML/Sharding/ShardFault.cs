namespace SentimentML;

/// <summary>What is wrong with the results of a <see cref="ScoringPlan"/>.</summary>
/// <param name="Index">The shard whose part is missing, incomplete or written for another plan; null for a file that does not belong to the plan.</param>
/// <param name="Problem">What is wrong, with the file's path.</param>
public sealed record ShardFault(int? Index, string Problem);
