using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>How many tokens go through a network at once when it answers.</summary>
internal static class TokenBudget
{
    /// <summary>
    /// Enough for the matrix kernels of all a processor's cores together to work at their full rate, and few enough for a layer's
    /// activations (2,048 × 3,072 numbers) to stay in its last cache.
    /// </summary>
    public const int OfProcessor = 2048;

    /// <summary>Enough for a GPU's hundreds of matrix units; more tokens are only more memory.</summary>
    private const int MostOfGpu = 16384;

    /// <summary>A batch may take this part of the memory that is free when the network is ready.</summary>
    private const int PartOfFreeMemory = 8;

    /// <param name="config">The network's sizes.</param>
    /// <param name="device">Where it is.</param>
    public static int For(EncoderConfig config, Device device) =>
        device.type == DeviceType.CUDA ? OfGpu(config, CudaDriver.Installed!.FreeMemory(Math.Max(device.index, 0))) : OfProcessor;

    /// <param name="config">The network's sizes.</param>
    /// <param name="freeMemory">Bytes that are free on the GPU.</param>
    internal static int OfGpu(EncoderConfig config, long freeMemory)
    {
        // What one layer holds of a token at most, in float32: queries, keys and values, context, output, residual and norms; and the
        // feed-forward network's inside before and after its activation, twice as wide where it is gated.
        long ofToken = sizeof(float) * (8L * config.HiddenSize + 4L * config.IntermediateSize);
        return (int)Math.Clamp(freeMemory / PartOfFreeMemory / ofToken, OfProcessor, MostOfGpu);
    }
}
