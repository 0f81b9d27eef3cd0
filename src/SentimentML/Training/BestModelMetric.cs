using System.Text.Json.Serialization;

namespace SentimentML;

/// <summary>Which figure of the validation set says which weights are the best.</summary>
public enum BestModelMetric
{
    /// <summary>The highest share of rows that are right.</summary>
    [JsonStringEnumMemberName("accuracy")]
    Accuracy,

    /// <summary>The highest mean over labels of F1: every label counts as much, however rare.</summary>
    [JsonStringEnumMemberName("macro_f1")]
    MacroF1,

    /// <summary>The lowest mean of -ln of the right label's probability.</summary>
    [JsonStringEnumMemberName("loss")]
    Loss,
}
