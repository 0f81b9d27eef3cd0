using System.Runtime.CompilerServices;

namespace SentimentML.Torch;

/// <summary>What has to be in place before libtorch is loaded, which may come before any other call into this library.</summary>
internal static class Startup
{
#pragma warning disable CA2255 // a library's initializer: TorchSharp loads its native library at its first use, whoever uses it
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
