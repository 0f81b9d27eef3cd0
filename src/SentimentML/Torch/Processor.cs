using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>The processor's instructions that decide how a network computes (Intel's Software Developer's Manual, CPUID leaf 7).</summary>
internal static class Processor
{
    /// <summary>AVX-512 with bytes and words, which the operating system saves too. What follows is part of it.</summary>
    public static bool HasAvx512 { get; } = Avx512F.IsSupported && Avx512BW.IsSupported;

    /// <summary>AVX512_VNNI: sums of products of bytes that do not saturate.</summary>
    public static bool HasVnni { get; } = HasAvx512 && Feature(subleaf: 0, register: 2, bit: 11);

    /// <summary>AVX512_BF16: products of bfloat16 in vectors.</summary>
    public static bool HasAvx512BFloat16 { get; } = HasAvx512 && Feature(subleaf: 1, register: 0, bit: 5);

    /// <summary>AMX-BF16: products of bfloat16 in tiles.</summary>
    public static bool HasAmxBFloat16 { get; } = HasAvx512 && Feature(subleaf: 0, register: 3, bit: 22);

    /// <summary>AMX-INT8: products of bytes in tiles.</summary>
    public static bool HasAmxInt8 { get; } = HasAvx512 && Feature(subleaf: 0, register: 3, bit: 25);

    /// <summary>Whether a device multiplies bfloat16 in hardware. Elsewhere it is emulated, and slower than float32.</summary>
    public static bool HasBFloat16(Device device) => device.type switch
    {
        DeviceType.CUDA => CudaDriver.Installed!.ComputeCapability(Math.Max(device.index, 0)) >= 8, // Ampere
        DeviceType.CPU => HasAvx512BFloat16 || HasAmxBFloat16,
        _ => false,
    };

    /// <summary>
    /// Whether oneDNN's linear layers are there, and faster than what libtorch takes by itself (MKL): 2 to 2.5 times on AMD's x64 processors in
    /// float32, and never slower where measured. Those in bfloat16 and in bytes need AVX-512.
    /// </summary>
    /// <param name="isFloat32">Whether they compute in float32.</param>
    /// <param name="device">Where they compute.</param>
    public static bool HasOneDnn(bool isFloat32, Device device) =>
        device.type == DeviceType.CPU && RuntimeInformation.ProcessArchitecture == Architecture.X64 && !OperatingSystem.IsMacOS()
        && (isFloat32 || HasAvx512);

    private static bool Feature(int subleaf, int register, int bit)
    {
        const int leaf = 7;
        if (X86Base.CpuId(0, 0).Eax < leaf)
            return false;
        (int maxSubleaf, _, _, _) = X86Base.CpuId(leaf, 0);
        (int eax, int ebx, int ecx, int edx) = X86Base.CpuId(leaf, subleaf);
        int[] registers = [eax, ebx, ecx, edx];
        return subleaf <= maxSubleaf && (registers[register] >> bit & 1) != 0;
    }
}
