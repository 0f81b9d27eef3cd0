namespace SentimentML;

/// <summary>How a model does on one class, that class against the rest.</summary>
public sealed class SentimentClassMetrics
{
    internal SentimentClassMetrics()
    {
    }

    /// <summary>The class's name.</summary>
    public required string Label { get; init; }

    /// <summary>How many rows have this label.</summary>
    public required int Support { get; init; }

    /// <summary>Of the rows predicted as this class, the share that is; 0 where none is predicted.</summary>
    public required MetricInterval Precision { get; init; }

    /// <summary>Of the rows of this class, the share that is predicted so; 0 where there is none.</summary>
    public required MetricInterval Recall { get; init; }

    /// <summary>The harmonic mean of precision and recall; 0 where both are.</summary>
    public required MetricInterval F1 { get; init; }

    /// <summary>The area under the ROC curve of this class against the rest; NaN where all rows or none have the label.</summary>
    public required MetricInterval RocAuc { get; init; }

    /// <summary>The average precision of this class against the rest; 0 where no row has the label.</summary>
    public required MetricInterval AveragePrecision { get; init; }
}
