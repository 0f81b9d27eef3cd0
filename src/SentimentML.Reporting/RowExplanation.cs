namespace SentimentML;

/// <summary>Which parts of a text moved the model's answer.</summary>
/// <param name="Spans">The parts, in any order; what is not named did not move it.</param>
/// <param name="Gap">
/// How far the parts' weights are from adding up to what they explain, as a share of it (<see cref="Explanation.CompletenessGap"/>);
/// null where they need not add up. Above 0.02 the page says that they are rough.
/// </param>
public sealed record RowExplanation(IReadOnlyList<ExplainedSpan> Spans, double? Gap = null);
