using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>One training of a cross-validation, measured on the rows that it did not see.</summary>
public sealed class CrossValidationFold
{
    internal CrossValidationFold(int fold, int trainRows, EvaluationRows rows)
    {
        Fold = fold;
        TrainRows = trainRows;
        Rows = rows;
        Metrics = SentimentMetrics.FromRows(ScoredRows.Of(rows), resamples: 0);
    }

    /// <summary>The number of the fold, from 1.</summary>
    public int Fold { get; }

    /// <summary>The number of rows that the model was trained on.</summary>
    public int TrainRows { get; }

    /// <summary>The rows that the model was measured on, with its scores.</summary>
    public EvaluationRows Rows { get; }

    /// <summary>The metrics on those rows, without intervals.</summary>
    public SentimentMetrics Metrics { get; }
}
