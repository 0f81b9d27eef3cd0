using System.Numerics.Tensors;
using SentimentML.Numerics;

namespace SentimentML.Evaluation;

/// <summary>How a model's logits become an answer.</summary>
/// <param name="Labels">The labels' names in the order of the logits.</param>
/// <param name="Problem">What the logits say. The default value is <see cref="ProblemType.SingleLabel"/>.</param>
/// <param name="Temperature">What logits are divided by before they become probabilities. The default value is 1: as the network was trained.</param>
/// <param name="Sentiments">Which sentiment each label stands for; null if the labels do not say. The default value is null.</param>
/// <param name="UnsureBelow">The score below which an answer is unsure. The default value is 0: never.</param>
internal sealed record AnswerRule(
    IReadOnlyList<string> Labels, ProblemType Problem = ProblemType.SingleLabel, double Temperature = 1, SentimentMap? Sentiments = null,
    double UnsureBelow = 0)
{
    /// <summary>A number for each label: a probability, or the value itself in a regression.</summary>
    public float[] Scores(float[] logits) => Problem switch
    {
        ProblemType.MultiLabel => Array.ConvertAll(logits, logit => (float)(1 / (1 + Math.Exp(-logit / Temperature)))),
        ProblemType.Regression => logits,
        _ => Softmax.Of(logits, Temperature),
    };

    /// <summary>The logits divided by the temperature, whose softmax is the answer's probabilities.</summary>
    public float[] Tempered(float[] logits) => Temperature == 1 ? logits : Array.ConvertAll(logits, logit => (float)(logit / Temperature));

    /// <exception cref="SentimentMLException">A logit is not finite, so that no label is the answer.</exception>
    public SentimentPrediction Answer(float[] logits) => new(this, Finite(logits));

    /// <summary>A network's logits, which have to be finite.</summary>
    /// <exception cref="SentimentMLException">They are not.</exception>
    public static float[] Finite(float[] logits) => TensorPrimitives.IsFiniteAll<float>(logits) ? logits
        : throw new SentimentMLException($"The network answers {string.Join(", ", logits)}, expected finite numbers: its weights are damaged, or its training "
            + "diverged. Download the model again, or train it again with a lower learning rate.");
}
