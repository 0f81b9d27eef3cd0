using System.Runtime.InteropServices;
using SentimentML.Torch;

namespace SentimentML.Tests.Torch;

public class OutOfMemoryTests
{
    [Theory]
    [InlineData("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 64 bytes", true)]
    [InlineData("CUDA out of memory. Tried to allocate 20.00 MiB", true)]
    [InlineData("The following operation failed in the TorchScript interpreter.\nRuntimeError: could not create a primitive\n", true)]
    [InlineData("could not create a primitive descriptor for a matmul primitive", false)]
    [InlineData("mat1 and mat2 shapes cannot be multiplied", false)]
    public void What_libtorch_says_without_memory_is_known(string message, bool expected) =>
        Assert.Equal(expected, OutOfMemory.Is(new OfLibtorch(message)));

    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 20.00 MiB\nException raised from malloc", "CUDA out of memory. Tried to allocate 20.00 MiB")]
    [InlineData("The following operation failed.\n  return torch.gelu(x)\n         ~~~~ <--- HERE\nRuntimeError: could not create a primitive\n",
        "could not create a primitive")]
    public void The_reason_is_told_without_the_lines_of_a_script(string message, string expected) =>
        Assert.Equal(expected, OutOfMemory.Reason(new OfLibtorch(message)));

    /// <summary>TorchSharp throws the type above it, which is reserved by the runtime.</summary>
    private sealed class OfLibtorch(string message) : ExternalException(message);
}
