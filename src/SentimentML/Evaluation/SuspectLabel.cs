namespace SentimentML.Evaluation;

/// <summary>A row whose label is probably wrong.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Given">The class that the label says.</param>
/// <param name="Suggested">The class that the model says.</param>
/// <param name="Confidence">The probability that the model gives its answer.</param>
internal readonly record struct SuspectLabel(int Row, int Given, int Suggested, double Confidence);
