using System.Runtime.CompilerServices;

namespace SentimentML.Torch;

/// <summary>
/// What has to be in place before libtorch is loaded, which may come before any other call into this library. Its limits: it
/// runs on Linux alone, when the runtime first touches this assembly. It sets two variables in the environment of the process that
/// native libraries see, and only those that are not set (<see cref="NativeSettings"/>); and it answers the runtime's question
/// for one library, of TorchSharp's assembly alone, after the runtime's own search has failed (<see cref="LibTorchSharp"/>). It
/// reads no file, starts no thread, and cannot fail for a reason outside this process.
/// </summary>
internal static class Startup
{
#pragma warning disable CA2255 // a library's initializer: TorchSharp loads its native library at its first use, which may be the application's own
    [ModuleInitializer]
    internal static void Initialize()
#pragma warning restore CA2255
    {
        if (!OperatingSystem.IsLinux())
            return;
        NativeSettings.Apply();
        LibTorchSharp.Register();
    }
}
