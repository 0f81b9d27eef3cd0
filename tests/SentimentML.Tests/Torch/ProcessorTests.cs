using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.Tests.Torch;

/// <summary>The processor's features, beside what the system says of them.</summary>
public class ProcessorTests
{
    [Fact]
    public void Its_features_are_those_that_Linux_lists()
    {
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "only Linux has /proc/cpuinfo");
        string? flags = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal));
        Assert.SkipWhen(flags is null, "only x64 processors have the flags that are compared here");
        HashSet<string> listed = [.. flags.Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        bool avx512 = listed.Contains("avx512f") && listed.Contains("avx512bw");
        Assert.Equal(
            [avx512, avx512 && listed.Contains("avx512_vnni"), avx512 && listed.Contains("avx512_bf16"), avx512 && listed.Contains("amx_bf16"), avx512
                && listed.Contains("amx_int8")],
            [Processor.HasAvx512, Processor.HasVnni, Processor.HasAvx512BFloat16, Processor.HasAmxBFloat16, Processor.HasAmxInt8]);
        Assert.Equal(Processor.HasAvx512BFloat16 || Processor.HasAmxBFloat16, Processor.HasBFloat16(CPU));
    }
}
