namespace SentimentML;

/// <summary>A point of a ROC or precision-recall curve.</summary>
public readonly record struct CurvePoint
{
    internal CurvePoint(double x, double y, double threshold) => (X, Y, Threshold) = (x, y, threshold);

    /// <summary>The false positive rate, or the recall.</summary>
    public double X { get; }

    /// <summary>The true positive rate, or the precision.</summary>
    public double Y { get; }

    /// <summary>The lowest score that counts as the label at this point; infinity at the point where no row does.</summary>
    public double Threshold { get; }
}
