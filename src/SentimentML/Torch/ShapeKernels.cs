using System.Runtime.InteropServices;

namespace SentimentML.Torch;

/// <summary>
/// GPU kernels that libtorch compiles for each new tensor shape: those that TorchScript writes for small operators, and cuDNN's attention.
/// Batches of texts keep bringing new shapes, and compiling makes such a batch about ten times slower on an H100. Other kernels do the same
/// work for any shape.
/// </summary>
internal static unsafe class ShapeKernels
{
    // Exported names of libtorch's public C++ interface: torch/csrc/jit/passes/tensorexpr_fuser.h and ATen/Context.h.
    private const string SetTensorExprFuserEnabled = "_ZN5torch3jit25setTensorExprFuserEnabledEb",
        GlobalContext = "_ZN2at13globalContextEv",
        SetSdpUseCuDnn = "_ZN2at7Context14setSDPUseCuDNNEb";

    /// <summary>Turns them off for the process. This works on Linux only, where the exported names of the functions are known.</summary>
    public static void TurnOff()
    {
        if (!NativeLibrary.TryLoad("torch_cpu", typeof(TorchSharp.torch).Assembly, null, out nint libtorch))
            return;
        if (NativeLibrary.TryGetExport(libtorch, SetTensorExprFuserEnabled, out nint setFuser))
            ((delegate* unmanaged<byte, void>)setFuser)(0);
        if (NativeLibrary.TryGetExport(libtorch, GlobalContext, out nint context) && NativeLibrary.TryGetExport(libtorch, SetSdpUseCuDnn, out nint setCuDnn))
            ((delegate* unmanaged<nint, byte, void>)setCuDnn)(((delegate* unmanaged<nint>)context)(), 0);
    }
}
