using System.Runtime.InteropServices;
using SentimentML.Torch;

namespace SentimentML.Tests.Torch;

/// <summary>libtorch's switches for kernels that are compiled for each new shape. They have no effect on a CPU.</summary>
public sealed unsafe class ShapeKernelsTests
{
    [Fact]
    public void Turned_off_they_are_off_in_libtorch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The functions' exported names are known on Linux only.");
        ShapeKernels.TurnOff();
        nint libtorch = NativeLibrary.Load("torch_cpu", typeof(TorchSharp.torch).Assembly, null);
        nint context = ((delegate* unmanaged<nint>)NativeLibrary.GetExport(libtorch, "_ZN2at13globalContextEv"))();
        Assert.Equal(0, ((delegate* unmanaged<nint, byte>)NativeLibrary.GetExport(libtorch, "_ZNK2at7Context19userEnabledCuDNNSDPEv"))(context));
        Assert.Equal(0, ((delegate* unmanaged<byte>)NativeLibrary.GetExport(libtorch, "_ZN5torch3jit22tensorExprFuserEnabledEv"))());
    }
}
