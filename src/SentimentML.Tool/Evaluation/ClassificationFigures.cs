namespace SentimentML.Tool.Evaluation;

/// <summary>Predictions counted against right labels, as scikit-learn counts them.</summary>
internal sealed class ClassificationFigures
{
    private readonly IReadOnlyList<string> _names;
    private double _loss;

    public ClassificationFigures(IReadOnlyList<string> labels)
    {
        _names = labels;
        Confusion = [.. labels.Select(_ => new long[labels.Count])];
    }

    /// <summary>Rows by right label (outer) and predicted label (inner), in the model's order of labels.</summary>
    public long[][] Confusion { get; }

    /// <summary>Rows that were counted.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows whose label is none of the model's.</summary>
    public long LeftOut { get; private set; }

    public double Accuracy => Labels.Sum(label => label.Right) / (double)Rows;

    /// <summary>The mean of F1 over the labels that occur in the data or in the predictions.</summary>
    public double MacroF1 => Labels.Where(label => label.Rows + label.Predicted > 0).Average(label => label.F1);

    /// <summary>The mean of -ln of the right label's probability.</summary>
    public double LogLoss => _loss / Rows;

    public IReadOnlyList<LabelFigures> Labels => [.. _names.Select((name, k) => new LabelFigures(name, Confusion[k].Sum(), Confusion.Sum(row => row[k]), Confusion[k][k]))];

    /// <param name="label">The right label's place.</param>
    /// <param name="prediction">What the model says.</param>
    public void Add(int label, SentimentPrediction prediction)
    {
        Rows++;
        Confusion[label][prediction.LabelIndex]++;
        // A probability that single precision rounds to 0 counts as the smallest that it can hold.
        _loss -= Math.Log(Math.Max(prediction.Probabilities[label], float.Epsilon));
    }

    public void LeaveOut() => LeftOut++;
}
