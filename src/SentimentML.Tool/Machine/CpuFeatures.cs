using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SentimentML.Tool.Machine;

/// <summary>The processor's instructions that make a network fast.</summary>
internal static class CpuFeatures
{
    public static IEnumerable<string> Names() => X86Base.IsSupported ? X86() : Arm();

    private static IEnumerable<string> X86()
    {
        if (Avx2.IsSupported)
            yield return "avx2";
        if (Fma.IsSupported)
            yield return "fma";
        if (!Avx512F.IsSupported)
            yield break;
        yield return "avx512f";
        // Intel's manual, volume 2, CPUID, leaf 7; what .NET has no class for.
        (int mostSubleaf, _, int ecx, int edx) = X86Base.CpuId(7, 0);
        if (Bit(ecx, 11))
            yield return "avx512_vnni";
        if (mostSubleaf >= 1 && Bit(X86Base.CpuId(7, 1).Eax, 5))
            yield return "avx512_bf16";
        if (Bit(edx, 22))
            yield return "amx_bf16";
        if (Bit(edx, 25))
            yield return "amx_int8";
    }

    private static IEnumerable<string> Arm()
    {
        if (AdvSimd.IsSupported)
            yield return "advsimd";
        if (Dp.IsSupported)
            yield return "dotprod";
    }

    private static bool Bit(int register, int bit) => (register >> bit & 1) != 0;
}
