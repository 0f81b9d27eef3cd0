using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>How a model does on one label, that label against the rest.</summary>
public sealed class SentimentLabelMetrics
{
    internal SentimentLabelMetrics(string label, int support, ReadOnlySpan<MetricInterval> values)
    {
        Label = label;
        Support = support;
        Precision = values[MetricSet.Precision];
        Recall = values[MetricSet.Recall];
        F1 = values[MetricSet.F1];
        RocAuc = values[MetricSet.LabelRocAuc];
        AveragePrecision = values[MetricSet.LabelAveragePrecision];
    }

    /// <summary>The label's name.</summary>
    public string Label { get; }

    /// <summary>The number of rows with this label.</summary>
    public int Support { get; }

    /// <summary>Of the rows predicted as this label, the share that has it; 0 if none is predicted.</summary>
    public MetricInterval Precision { get; }

    /// <summary>Of the rows with this label, the share that is predicted as it; 0 if there is none.</summary>
    public MetricInterval Recall { get; }

    /// <summary>The harmonic mean of precision and recall; 0 if both are.</summary>
    public MetricInterval F1 { get; }

    /// <summary>The area under the ROC curve of this label against the rest; NaN if all rows or none have the label.</summary>
    public MetricInterval RocAuc { get; }

    /// <summary>The average precision of this label against the rest; 0 if no row has the label.</summary>
    public MetricInterval AveragePrecision { get; }
}
