using System.Runtime.InteropServices;

namespace SentimentML.Torch;

/// <summary>
/// Kernels that libtorch compiles on a GPU for each new shape of its tensors: TorchScript's for the small operators between a script's
/// matrices, and cuDNN's attention. Batches of texts have new shapes all the time, and on an H100 such a batch takes ten times as long.
/// Other kernels do the same work in any shape.
/// </summary>
internal static unsafe class ShapeKernels
{
    // Exported names of libtorch's public C++ interface: torch/csrc/jit/passes/tensorexpr_fuser.h and ATen/Context.h.
    private const string SetTensorExprFuserEnabled = "_ZN5torch3jit25setTensorExprFuserEnabledEb",
        GlobalContext = "_ZN2at13globalContextEv",
        SetSdpUseCuDnn = "_ZN2at7Context14setSDPUseCuDNNEb";

    private static readonly Lazy<bool> Off = new(Disable);

    /// <summary>Turns them off for the process, which has an effect on Linux only, where the functions' exported names are known.</summary>
    /// <returns>Whether they are off.</returns>
    public static bool TurnOff() => Off.Value;

    private static bool Disable()
    {
        if (!NativeLibrary.TryLoad("torch_cpu", typeof(TorchSharp.torch).Assembly, null, out nint libtorch)
            || !NativeLibrary.TryGetExport(libtorch, SetTensorExprFuserEnabled, out nint setFuser)
            || !NativeLibrary.TryGetExport(libtorch, GlobalContext, out nint context)
            || !NativeLibrary.TryGetExport(libtorch, SetSdpUseCuDnn, out nint setCuDnn))
            return false;
        ((delegate* unmanaged<byte, void>)setFuser)(0);
        ((delegate* unmanaged<nint, byte, void>)setCuDnn)(((delegate* unmanaged<nint>)context)(), 0);
        return true;
    }
}
