namespace SentimentML.Tool.Data;

/// <summary>The columns of a data file that were named; null for the usual names.</summary>
internal sealed record DataColumns(string? Text = null, string? Stars = null, int StarsOffset = 0, string? Label = null);
