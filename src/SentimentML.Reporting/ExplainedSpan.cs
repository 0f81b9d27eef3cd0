namespace SentimentML;

/// <summary>A part of a text and how much it spoke for the class that the model answered.</summary>
/// <param name="Start">The first character's place in the text.</param>
/// <param name="Length">How many characters it has.</param>
/// <param name="Weight">Above 0 where it spoke for the answer, below 0 where it spoke against.</param>
public readonly record struct ExplainedSpan(int Start, int Length, double Weight);
