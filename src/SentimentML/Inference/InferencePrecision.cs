using System.Text.Json.Serialization;

namespace SentimentML;

/// <summary>In what numbers a network answers.</summary>
public enum InferencePrecision
{
    /// <summary>The fastest one that is known to keep the model's labels on this processor, else <see cref="Float32"/>.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>32-bit floating point, as the network was trained.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>16-bit floating point (bfloat16); norms, softmax and sums are computed in 32 bits inside.</summary>
    [JsonStringEnumMemberName("bfloat16")]
    BFloat16,

    /// <summary>8-bit integers in the linear layers, with a scale for each output, and bfloat16 elsewhere.</summary>
    [JsonStringEnumMemberName("int8")]
    Int8,
}
