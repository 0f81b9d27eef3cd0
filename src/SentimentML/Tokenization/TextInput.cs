namespace SentimentML.Tokenization;

/// <summary>What is classified: a text, or a pair of texts.</summary>
internal readonly record struct TextInput(string Text, string? Pair = null);
