namespace SentimentML.Evaluation;

/// <summary>A row of a data file, as the data report reads it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Stars">Its stars; null where the file has none.</param>
/// <param name="Label">Its text label; null where the file has none.</param>
internal readonly record struct DataRow(string Text, float? Stars = null, string? Label = null);
