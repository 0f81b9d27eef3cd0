using System.Runtime.InteropServices;
using TorchSharp;

namespace SentimentML.Tests.Torch;

/// <summary>What libgomp reads from the environment when libtorch is loaded.</summary>
public sealed partial class NativeSettingsTests
{
    [Fact]
    public void Threads_wait_for_the_next_kernel_for_a_limited_time()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libgomp comes with libtorch for Linux only.");
        Assert.SkipWhen(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null, "The user chose how threads wait.");
        torch.zeros(1).Dispose(); // loads libtorch
        Assert.Equal("ACTIVE", Native("OMP_WAIT_POLICY"));
        Assert.Equal(Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") ?? "5000", Native("GOMP_SPINCOUNT"));
    }

    /// <summary>The variable that native libraries see; .NET's own are a copy.</summary>
    private static string? Native(string name) => Marshal.PtrToStringUTF8(GetVariable(name));

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetVariable(string name);
}
