namespace SentimentML.Inference;

/// <summary>A batch of calls that are answered together.</summary>
/// <param name="Rows">Its texts.</param>
/// <param name="Tokens">Their tokens, special ones included.</param>
internal readonly record struct GatheredBatch(int Rows, int Tokens);
