using SentimentML.Evaluation;
using SentimentML.Numerics;

namespace SentimentML;

/// <summary>What a model says of one text.</summary>
public sealed class SentimentPrediction
{
    private const float Holds = 0.5f;

    private readonly AnswerRule _rule;
    private readonly float[] _logits;

    internal SentimentPrediction(AnswerRule rule, float[] logits)
    {
        _rule = rule;
        _logits = logits;
        Probabilities = rule.Scores(logits);
        LabelIndex = LabelChoice.Of(logits);
        IsUnsure = rule.Problem != ProblemType.Regression && Score < rule.UnsureBelow;
    }

    /// <summary>The name of the label with the largest logit, the first of equals: the most probable one.</summary>
    public string Label => Labels[LabelIndex];

    /// <summary>The label's place in <see cref="Labels"/>.</summary>
    public int LabelIndex { get; }

    /// <summary>The label's probability, 0 to 1; in a regression the value.</summary>
    public float Score => Probabilities[LabelIndex];

    /// <summary>
    /// The sentiment that <see cref="Label"/> stands for: by its name, or as stated by <see cref="SentimentClassifierOptions.Sentiments"/>
    /// or in the model's record. Null if nothing says it, and in a regression.
    /// </summary>
    public Sentiment? Sentiment => _rule.Problem == ProblemType.Regression ? null : _rule.Sentiments?.Find(Label);

    /// <summary>
    /// Whether <see cref="Score"/> is below <see cref="SentimentClassifierOptions.UnsureBelow"/>; false if that is not set, and in a
    /// regression.
    /// </summary>
    public bool IsUnsure { get; }

    /// <summary>
    /// Each label's probability, in the order of <see cref="Labels"/>. They add up to 1 if a text has one label
    /// (<see cref="ProblemType.SingleLabel"/>); in a regression they are the values themselves.
    /// </summary>
    public IReadOnlyList<float> Probabilities { get; }

    /// <summary>
    /// The labels that hold: <see cref="Label"/> alone if a text has one label; if it may have several, those with a probability of
    /// 0.5 or more, which may be none; nothing in a regression.
    /// </summary>
    public IReadOnlyList<string> HoldingLabels => Problem switch
    {
        ProblemType.SingleLabel => [Label],
        ProblemType.MultiLabel => [.. Labels.Where((_, i) => Probabilities[i] >= Holds)],
        _ => [],
    };

    /// <summary>What the probabilities are.</summary>
    public ProblemType Problem => _rule.Problem;

    /// <summary>The labels' names.</summary>
    public IReadOnlyList<string> Labels => _rule.Labels;

    /// <summary>The network's raw outputs, calibrated or not, in the order of <see cref="Labels"/>.</summary>
    public IReadOnlyList<float> Logits => _logits;

    /// <summary>The label and its probability.</summary>
    public override string ToString() => FormattableString.Invariant($"{Label} ({Score:0.000})");
}
