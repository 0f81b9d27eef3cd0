using SentimentML.Numerics;

namespace SentimentML;

/// <summary>What a model says of one text.</summary>
public sealed class SentimentPrediction
{
    internal SentimentPrediction(IReadOnlyList<string> labels, float[] logits, float[] probabilities, double unsureBelow = 0)
    {
        Labels = labels;
        LogitValues = logits;
        Probabilities = probabilities;
        LabelIndex = LabelChoice.Of(logits);
        IsUnsure = Score < unsureBelow;
    }

    /// <summary>The name of the label with the largest logit, the first of equals: the most probable one.</summary>
    public string Label => Labels[LabelIndex];

    /// <summary>The label's place in <see cref="Labels"/>.</summary>
    public int LabelIndex { get; }

    /// <summary>The label's probability, 0 to 1.</summary>
    public float Score => Probabilities[LabelIndex];

    /// <summary>Whether <see cref="Score"/> is below <see cref="SentimentClassifierOptions.UnsureBelow"/>; false where that is not set.</summary>
    public bool IsUnsure { get; }

    /// <summary>Each label's probability, in the order of <see cref="Labels"/>; they add up to 1.</summary>
    public IReadOnlyList<float> Probabilities { get; }

    /// <summary>The labels' names.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The network's raw outputs, calibrated or not, in the order of <see cref="Labels"/>.</summary>
    public IReadOnlyList<float> Logits => LogitValues;

    private float[] LogitValues { get; }

    /// <summary>The label and its probability.</summary>
    public override string ToString() => FormattableString.Invariant($"{Label} ({Score:0.000})");
}
