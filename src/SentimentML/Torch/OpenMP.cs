using System.Runtime.InteropServices;

namespace SentimentML.Torch;

/// <summary>The thread pool that libtorch's kernels run on (libgomp).</summary>
internal static partial class OpenMP
{
    /// <summary>Turns of the waiting loop before a thread sleeps: some microseconds, the length of a small kernel.</summary>
    private const string SpinCount = "1000";

    /// <summary>
    /// libgomp's threads spin for milliseconds between kernels, which takes the cores from everything else that works on
    /// the machine: with another busy process beside it, a training step takes three times as long. So they wait briefly,
    /// unless the user has set otherwise.
    /// </summary>
    public static void WaitBriefly()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null)
            _ = SetNativeVariable("GOMP_SPINCOUNT", SpinCount, 0); // read when libgomp is loaded; without effect where it is already
    }

    /// <summary>.NET's own variables are a copy that native libraries do not see.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
