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

    /// <summary>What oneDNN says where it gets no memory for a kernel; of a kernel that it does not have it says "primitive descriptor".</summary>
    private const string NoKernel = "could not create a primitive", NoSuchKernel = NoKernel + " descriptor";

    public static bool Is(Exception exception) => exception is OutOfMemoryException || (exception is ExternalException && Says(exception.Message));

    /// <summary>What libtorch says, without the lines of the script that was at work.</summary>
    public static string Reason(Exception exception)
    {
        const string OfScript = "RuntimeError: "; // what TorchScript puts before it, below its lines
        string message = exception.Message;
        int at = message.LastIndexOf(OfScript, StringComparison.Ordinal);
        return message[(at < 0 ? 0 : at + OfScript.Length)..].Split('\n')[0];
    }

    private static bool Says(string message) => Signs.Any(sign => message.Contains(sign, StringComparison.Ordinal))
        || (message.Contains(NoKernel, StringComparison.Ordinal) && !message.Contains(NoSuchKernel, StringComparison.Ordinal));
}
