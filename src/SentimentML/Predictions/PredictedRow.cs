namespace SentimentML.Predictions;

/// <summary>A row of the input with its answer.</summary>
/// <param name="Row">The row.</param>
/// <param name="Prediction">The answer; null if the row has no text.</param>
internal sealed record PredictedRow(TextRow Row, SentimentPrediction? Prediction);
