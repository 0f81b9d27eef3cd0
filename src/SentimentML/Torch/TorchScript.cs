using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>libtorch's operators that TorchSharp does not bind, called through a few lines of TorchScript.</summary>
internal static unsafe class TorchScript
{
    /// <summary>torch::jit::setTensorExprFuserEnabled(bool), a part of libtorch's public C++ interface (torch/csrc/jit/passes/tensorexpr_fuser.h).</summary>
    private const string SetFusion = "_ZN5torch3jit25setTensorExprFuserEnabledEb";

    /// <summary>Compiles functions; their last line needs no line end.</summary>
    public static jit.CompilationUnit Compile(string source) => jit.compile(source + "\n");

    /// <summary>
    /// Keeps libtorch from writing CUDA kernels of its own for the small operators between a script's matrices. It compiles them again
    /// for new shapes, which takes seconds each time, and batches of texts have new shapes all the time. Called for a GPU only, since libtorch
    /// does not fuse on a CPU by default. Has an effect on Linux only, where the function's exported name is known.
    /// </summary>
    public static void TurnFusionOff()
    {
        if (NativeLibrary.TryLoad("torch_cpu", typeof(TorchSharp.torch).Assembly, null, out nint libtorch)
            && NativeLibrary.TryGetExport(libtorch, SetFusion, out nint set))
            ((delegate* unmanaged<byte, void>)set)(0);
    }
}
