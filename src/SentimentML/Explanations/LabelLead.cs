using System.Numerics.Tensors;

namespace SentimentML.Explanations;

/// <summary>The number that is explained: a label's logit minus the mean of the others'.</summary>
internal sealed class LabelLead
{
    public LabelLead(int label, int labels)
    {
        Coefficients = new float[labels];
        Array.Fill(Coefficients, labels > 1 ? -1f / (labels - 1) : 0);
        Coefficients[label] = 1;
    }

    /// <summary>What each logit is multiplied by.</summary>
    public float[] Coefficients { get; }

    public double Of(ReadOnlySpan<float> logits) => TensorPrimitives.Dot(Coefficients, logits);
}
