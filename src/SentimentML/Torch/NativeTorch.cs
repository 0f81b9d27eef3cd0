using System.Runtime.CompilerServices;
using TorchSharp;

namespace SentimentML.Torch;

/// <summary>The native libraries behind TorchSharp, which each application references for its own system.</summary>
internal static class NativeTorch
{
    /// <summary>Loads them, with the libtorch that the environment names if it names one; later calls do nothing.</summary>
    /// <exception cref="SentimentMLException">They are not there, or do not load on this system.</exception>
    public static void Load()
    {
        LibTorchFolder.LoadNamed();
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
        }
        catch (TypeInitializationException e) // with pages of what TorchSharp tried, kept as the cause
        {
            if (LibTorchFolder.Loaded is null && !LibTorchFolder.OwnFolders.Any(LibTorchFolder.Holds))
                throw new SentimentMLException("The application has no libtorch, the native library that computes: no "
                    + $"{LibTorchFolder.FileName("torch_cpu")} in {AppContext.BaseDirectory}. In the folder of the application's project run "
                    + $"'dotnet add package TorchSharp-cpu --version {typeof(torch).Assembly.GetName().Version!.ToString(3)}', or reference "
                    + "TorchSharp-cuda-linux or TorchSharp-cuda-windows of that version for an NVIDIA GPU.", e);
            throw new SentimentMLException("libtorch is there, but TorchSharp's native library does not load on this system. Expected Linux with glibc on "
                + "x64, Windows on x64 or macOS on arm64, and libtorch and TorchSharp of versions that belong together. The inner exception says what was "
                + "tried.", e);
        }
    }
}
