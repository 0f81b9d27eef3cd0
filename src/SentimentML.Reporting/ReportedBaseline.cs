namespace SentimentML;

/// <summary>Another model's figures on the same rows.</summary>
/// <param name="Name">What a person calls it.</param>
/// <param name="Accuracy">Its accuracy.</param>
/// <param name="MacroF1">Its macro-F1.</param>
/// <param name="TrainSeconds">How long its training took; null where that is not known.</param>
/// <param name="RowsPerSecond">How many rows it scores in a second; null where that is not known.</param>
/// <param name="SizeBytes">How large it is when saved; null where that is not known.</param>
public sealed record ReportedBaseline(
    string Name, MetricInterval Accuracy, MetricInterval MacroF1, double? TrainSeconds = null, double? RowsPerSecond = null, long? SizeBytes = null);
