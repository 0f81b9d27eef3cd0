namespace SentimentML.Evaluation;

/// <summary>
/// The figures by which epochs are compared, as transformers' Trainer reports them: the loss is not kept away from 0 and 1 as
/// scikit-learn's is (<see cref="SentimentMetrics.LogLoss"/>), and a network that has diverged is told by it and is no error.
/// </summary>
internal sealed class ValidationMetrics
{
    /// <param name="probabilities">For each row, the labels' probabilities.</param>
    /// <param name="labels">For each row, the right label.</param>
    /// <param name="labelCount">How many labels there are.</param>
    public ValidationMetrics(double[][] probabilities, int[] labels, int labelCount)
    {
        long[] right = new long[labelCount], predicted = new long[labelCount], actual = new long[labelCount];
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            double[] row = probabilities[i];
            int guess = Array.IndexOf(row, row.Max());
            predicted[guess]++;
            actual[labels[i]]++;
            if (guess == labels[i])
                right[guess]++;
            loss -= Math.Log(Math.Max(row[labels[i]], double.Epsilon));
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
