namespace SentimentML.Training;

/// <summary>A loss or a gradient is not finite any more: what the recipe, not the machine or the data, is to blame for.</summary>
internal sealed class DivergedException(string message) : SentimentMLException(message);
