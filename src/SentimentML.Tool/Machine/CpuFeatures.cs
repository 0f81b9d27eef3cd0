using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using SentimentML.Torch;

namespace SentimentML.Tool.Machine;

/// <summary>The names of the processor's instructions that make a network fast.</summary>
internal static class CpuFeatures
{
    private static readonly (string Name, bool Has)[] All =
    [
        ("avx2", Avx2.IsSupported),
        ("fma", Fma.IsSupported),
        ("avx512", Processor.HasAvx512),
        ("avx512_vnni", Processor.HasVnni),
        ("avx512_bf16", Processor.HasAvx512BFloat16),
        ("amx_bf16", Processor.HasAmxBFloat16),
        ("amx_int8", Processor.HasAmxInt8),
        ("advsimd", AdvSimd.IsSupported),
        ("dotprod", Dp.IsSupported),
    ];

    public static IEnumerable<string> Names() => All.Where(feature => feature.Has).Select(feature => feature.Name);
}
