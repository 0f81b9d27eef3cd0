namespace SentimentML.Reporting;

/// <summary>A wrong row and, where it was asked for, what moved the model's answer.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Explanation">Null where it was not explained.</param>
internal sealed record ReportedMistake(int Row, RowExplanation? Explanation);
