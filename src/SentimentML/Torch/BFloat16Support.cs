using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>Whether a device multiplies bfloat16 in hardware; elsewhere it is emulated, and slower than float32.</summary>
internal static class BFloat16Support
{
    public static bool On(Device device) => device.type == DeviceType.CPU ? Processor.Value : device.type == DeviceType.CUDA;

    private static readonly Lazy<bool> Processor = new(() =>
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
            return false;
        (int leaves, int _, int _, int features) = X86Base.CpuId(7, 0);
        bool amx = (features & (1 << 22)) != 0; // AMX-BF16
        bool avx512 = Avx512F.IsSupported && leaves >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0; // AVX512_BF16
        return avx512 || amx;
    });
}
