using System.Text.Json.Serialization;

namespace SentimentML;

/// <summary>
/// The share of a validation set's texts, 0 to 1, to which faster numbers give the label that float32 gives. Measured at the end
/// of a training with 500 validation rows or more, on a machine that computes in these numbers.
/// </summary>
public sealed record LabelsKept
{
    /// <summary>The share that <see cref="InferencePrecision.BFloat16"/> keeps; null if it was not measured.</summary>
    [JsonPropertyName("bfloat16")]
    public double? BFloat16 { get; init; }

    /// <summary>The share that <see cref="InferencePrecision.Int8"/> keeps; null if it was not measured.</summary>
    public double? Int8 { get; init; }

    internal double? By(InferencePrecision precision) => precision switch
    {
        InferencePrecision.BFloat16 => BFloat16,
        InferencePrecision.Int8 => Int8,
        _ => null,
    };
}
