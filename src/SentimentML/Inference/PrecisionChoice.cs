using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Inference;

/// <summary>
/// What <see cref="InferencePrecision.Auto"/> stands for: the fastest numbers that this machine computes in hardware and that
/// kept at least 99.9 % of the labels on the model's own validation set. A model without such a record answers in float32.
/// </summary>
internal static class PrecisionChoice
{
    public const double MinLabelsKept = 0.999;

    /// <summary>Below this many texts a share says little: one changed label of 500 is already more than 0.1 %.</summary>
    public const int MinTexts = 500;

    /// <summary>Below float32, the fastest first.</summary>
    public static IReadOnlyList<InferencePrecision> Faster { get; } = [InferencePrecision.Int8, InferencePrecision.BFloat16];

    /// <summary>The precision that a model answers in.</summary>
    /// <param name="wanted">What the caller asks for; it is taken as it is.</param>
    /// <param name="preferred">What the model's training asked for, which another machine may lack; null for nothing.</param>
    /// <param name="kept">What was measured at the end of the model's training; null for nothing.</param>
    /// <param name="device">Where the model computes.</param>
    public static InferencePrecision Resolve(InferencePrecision wanted, InferencePrecision? preferred, LabelsKept? kept, Device device)
    {
        if (wanted != InferencePrecision.Auto)
            return wanted;
        if (preferred is { } trained and not InferencePrecision.Auto && (trained == InferencePrecision.Float32 || IsFast(trained, device)))
            return trained;
        foreach (InferencePrecision precision in Faster)
        {
            if (kept?.By(precision) is >= MinLabelsKept and <= 1 && IsFast(precision, device))
                return precision;
        }
        return InferencePrecision.Float32;
    }

    /// <summary>Whether a device multiplies such numbers in hardware, without saturating.</summary>
    public static bool IsFast(InferencePrecision precision, Device device) => precision switch
    {
        InferencePrecision.BFloat16 => Processor.HasBFloat16(device),
        InferencePrecision.Int8 => device.type == DeviceType.CPU && Processor.HasVnni,
        _ => true,
    };
}
