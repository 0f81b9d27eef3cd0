namespace SentimentML;

/// <summary>What a <see cref="HyperparameterSearch"/> found.</summary>
public sealed record SearchResult
{
    /// <summary>All trials, in the order in which they were made.</summary>
    public required IReadOnlyList<SearchTrial> Trials { get; init; }

    /// <summary>The best trial of the last round, which had all rows; the earlier of equals.</summary>
    public required SearchTrial Best { get; init; }
}
