namespace SentimentML;

/// <summary>One report of a <see cref="HyperparameterSearch"/>: a trial begins, or has ended.</summary>
public sealed record SearchProgress
{
    /// <summary>The trial's number over all rounds, counted from 1.</summary>
    public required int Trial { get; init; }

    /// <summary>Trials in all.</summary>
    public required int Trials { get; init; }

    /// <summary>The trial's round, counted from 1.</summary>
    public required int Round { get; init; }

    /// <summary>Rounds in all.</summary>
    public required int Rounds { get; init; }

    /// <summary>The trial's result when it has ended; null when it begins.</summary>
    public SearchTrial? Result { get; init; }

    /// <summary>Whether the result was in the <see cref="HyperparameterSearch.ResultsFolder"/>, so that nothing was trained.</summary>
    public bool FromResults { get; init; }

    /// <summary>The time that the rest of the search will take, by the rows that were seen a second so far; null while it cannot be told.</summary>
    public TimeSpan? TimeLeft { get; init; }
}
