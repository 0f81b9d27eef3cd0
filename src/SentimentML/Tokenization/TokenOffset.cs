namespace SentimentML;

/// <summary>Where in the text a token comes from, in UTF-16 units: <c>text[Start..End]</c>.</summary>
/// <param name="Start">The first unit.</param>
/// <param name="End">The unit behind the last.</param>
public readonly record struct TokenOffset(int Start, int End);
