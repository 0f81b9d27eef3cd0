namespace SentimentML;

/// <summary>Which words of a text moved an answer, and which way.</summary>
/// <remarks>
/// What is explained is the label's lead: its logit minus the mean of the other labels' logits, which for two labels is the
/// difference of the two. The mean takes every other label alike, so that the same question is asked of every text.
/// </remarks>
public sealed class Explanation
{
    /// <summary>The gap above which an explanation's weights are rough; more points of the integral are tried until it is reached.</summary>
    public const double MaxCompletenessGap = 0.02;

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>The second text of a pair; null for a single text.</summary>
    public string? TextPair { get; init; }

    /// <summary>How the weights were found.</summary>
    public required ExplanationMethod Method { get; init; }

    /// <summary>The label that is explained: the most probable one unless another was asked for.</summary>
    public required string Label { get; init; }

    /// <summary>The label's probability, 0 to 1.</summary>
    public required float Score { get; init; }

    /// <summary>
    /// The words of <see cref="Text"/> with their weights, in the text's order. Of a text that is too long only the part that the model
    /// read.
    /// </summary>
    public required IReadOnlyList<WordAttribution> Words { get; init; }

    /// <summary>The words of <see cref="TextPair"/>, with offsets into it; empty if there is none.</summary>
    public IReadOnlyList<WordAttribution> PairWords { get; init; } = [];

    /// <summary>Whether the model read only a part because there were too many tokens.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>
    /// How far the sum of all weights is from the difference that the words make to the label's lead, as a share of that
    /// difference. Above <see cref="MaxCompletenessGap"/> the weights are rough: the integral could not be computed more exactly.
    /// Null for <see cref="ExplanationMethod.Occlusion"/>, whose weights need not add up to anything.
    /// </summary>
    public double? CompletenessGap { get; init; }

    /// <summary>What the weights are to add up to: the label's lead with the words minus its lead without any; null for occlusion.</summary>
    internal double? Difference { get; init; }

    /// <summary>Points of the integral; null for occlusion.</summary>
    internal int? Steps { get; init; }
}
