namespace SentimentML;

/// <summary>A row whose label is probably wrong.</summary>
public readonly record struct SuspectLabel
{
    internal SuspectLabel(int row, int given, int suggested, double confidence) => (Row, Given, Suggested, Confidence) = (row, given, suggested, confidence);

    /// <summary>The row, from 0.</summary>
    public int Row { get; }

    /// <summary>The row's label.</summary>
    public int Given { get; }

    /// <summary>The model's label.</summary>
    public int Suggested { get; }

    /// <summary>The probability that the model gives its label.</summary>
    public double Confidence { get; }
}
