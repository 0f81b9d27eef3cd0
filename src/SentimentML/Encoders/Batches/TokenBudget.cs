using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>How many tokens go through a network at once on a GPU when it answers.</summary>
internal static class TokenBudget
{
    /// <summary>Taken even if the memory that is free is too little for it: libtorch may have memory of its own to use again.</summary>
    private const int Min = 2048;

    /// <summary>Enough for a GPU's hundreds of matrix units; more tokens are only more memory.</summary>
    private const int Max = 16384;

    /// <summary>A batch may take this part of the memory that is free.</summary>
    private const int PartOfFreeMemory = 8;

    /// <param name="config">The network's sizes.</param>
    /// <param name="gpu">The GPU that it is on.</param>
    public static int For(EncoderConfig config, Device gpu) => For(config, CudaDriver.Installed!.FreeMemory(Math.Max(gpu.index, 0)));

    /// <param name="config">The network's sizes.</param>
    /// <param name="freeMemory">Bytes that are free on the GPU.</param>
    internal static int For(EncoderConfig config, long freeMemory)
    {
        // What one layer holds of a token at most, in float32: queries, keys and values, context, output, residual and norms; and the
        // feed-forward network's inside before and after its activation, twice as wide where it is gated.
        long ofToken = sizeof(float) * (8L * config.HiddenSize + 4L * config.IntermediateSize);
        return (int)Math.Clamp(freeMemory / PartOfFreeMemory / ofToken, Min, Max);
    }
}
