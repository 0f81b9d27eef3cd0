namespace SentimentML;

/// <summary>What type of number a training computes in. Weights, gradients and the optimizer are float32 in any case, and so is the trained model.</summary>
public enum TrainingPrecision
{
    /// <summary>bfloat16 where the processor (avx512_bf16 or amx_bf16) or the GPU (compute capability 8.0 on) multiplies it, else float32.</summary>
    Auto,

    /// <summary>float32 throughout: equal to the reference up to rounding.</summary>
#pragma warning disable CA1720 // the field's name for it
    Float32,
#pragma warning restore CA1720

    /// <summary>The encoder in bfloat16: two to three times as fast, equal to float32 within the noise of a seed.</summary>
    BFloat16,
}
