namespace SentimentML;

/// <summary>Which figure of the validation set says which weights are the best.</summary>
public enum BestModelMetric
{
    /// <summary>The highest share of rows that are right.</summary>
    Accuracy,

    /// <summary>The highest mean over labels of F1: every label counts as much, however rare.</summary>
    MacroF1,

    /// <summary>The lowest mean of -ln of the right label's probability.</summary>
    Loss,
}
