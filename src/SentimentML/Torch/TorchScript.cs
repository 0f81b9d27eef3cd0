using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>libtorch's operators that TorchSharp does not bind, called through a few lines of TorchScript.</summary>
internal static class TorchScript
{
    /// <summary>Compiles functions; their last line needs no line end.</summary>
    public static jit.CompilationUnit Compile(string source) => jit.compile(source + "\n");
}
