using System.Runtime.InteropServices;

namespace SentimentML.Torch;

/// <summary>
/// How libtorch says that memory has run out. On a GPU that is reliable. On a CPU it is only said where the system refuses
/// memory (a limit on the address space, strict accounting, or more asked for at once than there is): Linux usually grants it and
/// kills the process later, which nothing in the process can catch.
/// </summary>
internal static class OutOfMemory
{
    private static readonly string[] Signs =
        ["CUDA out of memory", "can't allocate memory", "not enough memory", "CUDA error: out of memory", "std::bad_alloc"];

    public static bool Is(Exception exception) => exception is OutOfMemoryException
        || (exception is ExternalException && Signs.Any(sign => exception.Message.Contains(sign, StringComparison.Ordinal)));
}
