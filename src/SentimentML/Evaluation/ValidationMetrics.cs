using SentimentML.Numerics;

namespace SentimentML.Evaluation;

/// <summary>
/// The figures by which epochs are compared, as transformers' Trainer reports them. Unlike scikit-learn's
/// (<see cref="SentimentMetrics.LogLoss"/>), the loss is not clipped, so that divergence shows as a large value instead of an exception.
/// </summary>
internal sealed class ValidationMetrics
{
    /// <param name="logits">The logits of each row. [rows][labels]</param>
    /// <param name="labels">The true label of each row.</param>
    /// <param name="labelCount">How many labels there are.</param>
    public ValidationMetrics(double[][] logits, int[] labels, int labelCount)
    {
        long[] right = new long[labelCount], predicted = new long[labelCount], actual = new long[labelCount];
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            int guess = LabelChoice.Of(logits[i]);
            predicted[guess]++;
            actual[labels[i]]++;
            if (guess == labels[i])
                right[guess]++;
            loss -= Math.Log(Math.Max(Softmax.Of(logits[i])[labels[i]], double.Epsilon));
        }
        Accuracy = right.Sum() / (double)labels.Length;
        LogLoss = loss / labels.Length;
        // As scikit-learn has it: the mean over the labels that occur, F1 being 0 where nothing was right.
        MacroF1 = Enumerable.Range(0, labelCount).Where(k => predicted[k] + actual[k] > 0)
            .Average(k => 2.0 * right[k] / (predicted[k] + actual[k]));
    }

    public double Accuracy { get; }

    public double MacroF1 { get; }

    public double LogLoss { get; }
}
