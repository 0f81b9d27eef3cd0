namespace SentimentML;

/// <summary>What one word did to an answer.</summary>
/// <param name="Start">Where the word begins in its text, in UTF-16 units.</param>
/// <param name="End">Where it ends: the unit behind the last.</param>
/// <param name="Word">
/// The word as the text has it: <c>text[Start..End]</c>. Punctuation and emoji are words of their own; white space counts to the word
/// behind it.
/// </param>
/// <param name="Weight">In logits: above 0 it spoke for the label, below 0 against it.</param>
public sealed record WordAttribution(int Start, int End, string Word, double Weight);
