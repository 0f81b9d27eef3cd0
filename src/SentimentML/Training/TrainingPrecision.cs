using System.Text.Json.Serialization;

namespace SentimentML;

/// <summary>What type of number a training computes in. Weights, gradients and the optimizer are float32 in any case, and so is the trained model.</summary>
public enum TrainingPrecision
{
    /// <summary>
    /// For networks with a hidden size of 384 or more (SpanishSmall has 384, roberta-base 768) bfloat16 where the processor (avx512_bf16 or
    /// amx_bf16) multiplies it, and on CUDA GPUs from Ampere on; else float32: smaller ones are quick as they are, and stay equal to the reference.
    /// </summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>float32 throughout: equal to the reference up to rounding.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>
    /// The encoder's matrices in bfloat16, which has float32's range and 8 bits of precision: faster where the hardware
    /// multiplies it, slower elsewhere. On the embedded backbone its accuracy is float32's within what seeds differ by (tests/precision-accuracy.sh).
    /// </summary>
    [JsonStringEnumMemberName("bfloat16")]
    BFloat16,
}
