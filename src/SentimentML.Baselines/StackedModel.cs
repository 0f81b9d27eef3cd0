namespace SentimentML;

/// <summary>
/// Two models as one: each model's logits divided by their standard deviation and added with a weight, then softmax with a
/// temperature. A few hundred rows are enough to fit it, as only four numbers are.
/// </summary>
/// <remarks>
/// Logits are one row for each text and one column for each class, in the same order of classes for both models; what is added to
/// a whole row changes nothing, so that logarithms of probabilities do as well (<see cref="Logits"/>).
/// An instance never changes and may be used from many threads.
/// </remarks>
public sealed class StackedModel
{
    private const int WeightSteps = 20;

    private readonly double _firstScale;
    private readonly double _secondScale;
    private readonly Calibration _calibration;

    private StackedModel(int classes, double firstScale, double secondScale, double weight, double temperature)
    {
        ClassCount = classes;
        _firstScale = firstScale;
        _secondScale = secondScale;
        SecondWeight = weight;
        _calibration = new Calibration(temperature);
    }

    /// <summary>How many classes there are.</summary>
    public int ClassCount { get; }

    /// <summary>The share of the second model in the sum, from 0 (the first alone) to 1 (the second alone).</summary>
    public double SecondWeight { get; }

    /// <summary>What the sum is divided by before softmax.</summary>
    public double Temperature => _calibration.Temperature;

    /// <summary>
    /// Fits the stack on rows that <b>neither model was trained on</b>: such as a held-out part of the training rows. Rows that a model has
    /// seen would make it look better than it is.
    /// </summary>
    /// <remarks>
    /// Weight (in steps of 0.05) and temperature are those of the lowest log loss. Accuracy would be the nearer aim, but on a few
    /// hundred rows it picks by chance; the log loss hears how sure each model was of each row.
    /// </remarks>
    /// <param name="first">The first model's logits. *Shape:* (rows, classes)</param>
    /// <param name="second">The second model's logits. *Shape:* (rows, classes)</param>
    /// <param name="labels">The class of each row, from 0.</param>
    /// <returns>The fitted stack.</returns>
    /// <exception cref="ArgumentException">The rows or classes of the arrays do not match, a logit is not finite, or there are no rows.</exception>
    public static StackedModel Fit(IReadOnlyList<IReadOnlyList<double>> first, IReadOnlyList<IReadOnlyList<double>> second, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        int classes = CheckLogits(first, second);
        if (labels.Count != first.Count)
            throw new ArgumentException($"There are {labels.Count} labels for {first.Count} rows of logits.", nameof(labels));
        if (labels.Any(label => label < 0 || label >= classes))
            throw new ArgumentException($"Labels must be from 0 to {classes - 1}, as the logits have {classes} columns.", nameof(labels));

        double firstScale = StandardDeviation(first, classes), secondScale = StandardDeviation(second, classes);
        return Enumerable.Range(0, WeightSteps + 1).Select(step => Fitted((double)step / WeightSteps)).MinBy(fitted => fitted.LogLoss).Stack;

        (StackedModel Stack, double LogLoss) Fitted(double weight)
        {
            var stack = new StackedModel(classes, firstScale, secondScale, weight, temperature: 1);
            Calibration calibration = Calibration.Fit(labels, [.. first.Zip(second, (f, s) => stack.Combine(f, s))]);
            return (new StackedModel(classes, firstScale, secondScale, weight, calibration.Temperature), calibration.LogLossAfter!.Value);
        }
    }

    /// <summary>
    /// The stack that needs no labels: equal parts, each model's logits divided by their standard deviation over the given rows.
    /// Take rows that neither model was trained on.
    /// </summary>
    /// <param name="first">The first model's logits. *Shape:* (rows, classes)</param>
    /// <param name="second">The second model's logits. *Shape:* (rows, classes)</param>
    /// <returns>The stack; its probabilities are not calibrated (<see cref="Temperature"/> is 1/2, a plain sum).</returns>
    /// <exception cref="ArgumentException">The rows or classes of the arrays do not match, a logit is not finite, or there are no rows.</exception>
    public static StackedModel EqualParts(IReadOnlyList<IReadOnlyList<double>> first, IReadOnlyList<IReadOnlyList<double>> second)
    {
        int classes = CheckLogits(first, second);
        return new StackedModel(classes, StandardDeviation(first, classes), StandardDeviation(second, classes), weight: 0.5, temperature: 0.5);
    }

    /// <summary>The stack's probabilities of one text.</summary>
    /// <param name="first">The first model's logits of the text, one for each class.</param>
    /// <param name="second">The second model's logits of the text, one for each class.</param>
    /// <returns>A probability for each class; they add up to 1.</returns>
    /// <exception cref="ArgumentException">There is another number of classes than the stack was made for.</exception>
    public IReadOnlyList<double> Probabilities(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != ClassCount || second.Count != ClassCount)
            throw new ArgumentException($"The logits have {first.Count} and {second.Count} classes, expected {ClassCount}, as the stack has.");
        return _calibration.Apply(Combine(first, second));
    }

    /// <summary>The stack's probabilities of many texts.</summary>
    /// <param name="first">The first model's logits. *Shape:* (rows, classes)</param>
    /// <param name="second">The second model's logits. *Shape:* (rows, classes)</param>
    /// <returns>*Shape:* (rows, classes)</returns>
    /// <exception cref="ArgumentException">The rows or classes of the arrays do not match each other or the stack.</exception>
    public IReadOnlyList<IReadOnlyList<double>> Probabilities(IReadOnlyList<IReadOnlyList<double>> first, IReadOnlyList<IReadOnlyList<double>> second)
    {
        CheckLogits(first, second);
        return [.. first.Zip(second, (f, s) => Probabilities(f, s))];
    }

    /// <summary>Logits for a row of probabilities: their logarithms, none below that of 1e-7.</summary>
    /// <param name="probabilities">One for each class.</param>
    /// <returns>One for each class.</returns>
    public static IReadOnlyList<double> Logits(IReadOnlyList<float> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        return [.. probabilities.Select(p => Math.Log(Math.Max(p, 1e-7)))];
    }

    private double[] Combine(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var logits = new double[ClassCount];
        for (int c = 0; c < logits.Length; c++)
            logits[c] = (1 - SecondWeight) * first[c] / _firstScale + SecondWeight * second[c] / _secondScale;
        return logits;
    }

    /// <summary>Over rows, of each class's logit less the row's mean, put together over the classes; 1 where nothing varies.</summary>
    private static double StandardDeviation(IReadOnlyList<IReadOnlyList<double>> logits, int classes)
    {
        double[][] centred = [.. logits.Select(row =>
        {
            double mean = row.Average();
            return row.Select(v => v - mean).ToArray();
        })];
        double variance = 0;
        for (int c = 0; c < classes; c++)
        {
            double mean = centred.Average(row => row[c]);
            variance += centred.Average(row => (row[c] - mean) * (row[c] - mean)) / classes;
        }
        return variance > 1e-18 ? Math.Sqrt(variance) : 1;
    }

    private static int CheckLogits(IReadOnlyList<IReadOnlyList<double>> first, IReadOnlyList<IReadOnlyList<double>> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count == 0)
            throw new ArgumentException("There are no rows.", nameof(first));
        if (first.Count != second.Count)
            throw new ArgumentException(
                $"The first model has {first.Count} rows of logits, the second {second.Count}: they must be of the same texts.", nameof(second));
        int classes = first[0].Count;
        if (classes < 2)
            throw new ArgumentException($"There must be two classes or more, and the logits have {classes}.", nameof(first));
        CheckRows(first, classes, nameof(first));
        CheckRows(second, classes, nameof(second));
        return classes;
    }

    private static void CheckRows(IReadOnlyList<IReadOnlyList<double>> logits, int classes, string name)
    {
        for (int row = 0; row < logits.Count; row++)
        {
            if (logits[row].Count != classes)
                throw new ArgumentException($"Row {row} has {logits[row].Count} logits, where {classes} were expected.", name);
            if (!logits[row].All(double.IsFinite))
                throw new ArgumentException($"Row {row} has a logit that is not a finite number.", name);
        }
    }
}
