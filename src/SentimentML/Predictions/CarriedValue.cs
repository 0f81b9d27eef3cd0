namespace SentimentML.Predictions;

/// <summary>A value of a file's column.</summary>
/// <param name="Text">The value; null if the row has none.</param>
/// <param name="IsJson">Whether it is JSON other than a string: a number, an object.</param>
internal readonly record struct CarriedValue(string? Text, bool IsJson);
