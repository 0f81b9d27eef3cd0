using SentimentML.Tokenization;

namespace SentimentML.Training;

/// <summary>One row to learn from or to be measured on.</summary>
/// <param name="Tokens">Ids, special ones included.</param>
/// <param name="Label">The right label's place among the labels.</param>
/// <param name="Weight">What the row counts in the loss.</param>
/// <param name="Row">The row's position in the view that it comes from.</param>
internal readonly record struct Example(TokenRow Tokens, int Label, float Weight = 1, long Row = 0);
