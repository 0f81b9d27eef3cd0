using System.Runtime.InteropServices;

namespace SentimentML.Torch;

/// <summary>Environment variables that libtorch's parts read when they are loaded, set unless the user has set them.</summary>
internal static partial class NativeSettings
{
    /// <summary>
    /// libgomp's threads spin for milliseconds between kernels, which takes the cores from everything else that works on
    /// the machine: with another busy process beside it, a training step takes three times as long. So they wait for so
    /// many turns, some tens of microseconds, which bridges what lies between two kernels, and sleep then.
    /// </summary>
    private const string SpinCount = "5000";

    /// <summary>
    /// As soon as a process has more of these threads than there are cores, libgomp lets them wait for 100 turns only. One text on all
    /// cores then takes half as long again, because most of its kernels have to wake a thread. With this policy they wait for 1,000 turns;
    /// the count above limits it.
    /// </summary>
    private const string WaitPolicy = "ACTIVE";

    /// <summary>
    /// oneDNN makes kernels for every shape and keeps the latest 1,024. A model meets up to some hundred shapes (PackedLayout), and a service
    /// that holds several models would make their kernels again and again.
    /// </summary>
    private const string KernelsKept = "4096";

    public static void Apply()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            SetIfUnset("GOMP_SPINCOUNT", SpinCount);
            SetIfUnset("OMP_WAIT_POLICY", WaitPolicy);
        }
        SetIfUnset("ONEDNN_PRIMITIVE_CACHE_CAPACITY", KernelsKept);
    }

    /// <summary>.NET's own variables are a copy that native libraries do not see. Without effect where the library is loaded already.</summary>
    private static void SetIfUnset(string name, string value) => _ = SetNativeVariable(name, value, 0);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
