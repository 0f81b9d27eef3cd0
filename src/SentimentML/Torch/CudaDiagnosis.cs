using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace SentimentML.Torch;

/// <summary>Why libtorch finds no GPU, and what a person can do: libtorch itself only returns false.</summary>
internal static partial class CudaDiagnosis
{
    /// <summary>The CUDA that TorchSharp's packages are made for, if libtorch's own has not been loaded.</summary>
    private const int PackagedRuntime = 12;

    private const string VisibleDevices = "CUDA_VISIBLE_DEVICES";

    /// <summary>The first thing that stands in a GPU's way on this machine, as the end of a sentence, with what to do.</summary>
    /// <param name="advice">What the message tells to do.</param>
    public static string WhyNone(DeviceAdvice advice) =>
        WhyNone(LibraryFault(advice), CudaDriver.Installed, RuntimeInProcess() ?? PackagedRuntime, Environment.GetEnvironmentVariable(VisibleDevices));

    /// <param name="libraryFault">What is wrong with CUDA's libtorch; null if it has been loaded.</param>
    /// <param name="driver">The machine's driver; null if it has none.</param>
    /// <param name="runtime">The CUDA version, without its minor part, that libtorch was made for.</param>
    /// <param name="visibleDevices">CUDA_VISIBLE_DEVICES.</param>
    internal static string WhyNone(string? libraryFault, CudaDriver? driver, int runtime, string? visibleDevices)
    {
        if (libraryFault is not null)
            return libraryFault;
        if (driver is null)
            return "there is no NVIDIA driver (libcuda.so.1 or nvcuda.dll is not found). Install NVIDIA's driver; start a container with the machine's GPUs.";
        int version = driver.Version;
        if (version / 1000 < runtime) // a driver runs every CUDA of its own first number and older ones (CUDA Compatibility, "Minor Version Compatibility")
            return string.Create(CultureInfo.InvariantCulture,
                $"the NVIDIA driver supports CUDA {version / 1000}.{version % 1000 / 10}, expected {runtime}.0 or newer for this libtorch. "
                + $"Update NVIDIA's driver.");
        string hidden = visibleDevices is null ? "" : $" {VisibleDevices} is '{visibleDevices}', which hides the others.";
        return driver.Initialize() switch
        {
            CudaDriver.Success => $"the NVIDIA driver works, but libtorch finds no GPU that it can use.{hidden} Look at the GPUs with nvidia-smi.",
            CudaDriver.NoDevice => $"the NVIDIA driver finds no GPU.{hidden} Look at the GPUs with nvidia-smi; start a container with the machine's GPUs.",
            int error => string.Create(CultureInfo.InvariantCulture,
                $"the NVIDIA driver does not start (CUDA error {error}). Look at it with nvidia-smi; after an update of the driver, restart the machine."),
        };
    }

    /// <summary>What is wrong with CUDA's libtorch; null if it loads.</summary>
    private static string? LibraryFault(DeviceAdvice advice)
    {
        if (NativeLibrary.TryLoad("torch_cuda", typeof(torch).Assembly, null, out _))
            return null;
        string? path = (LibTorchFolder.Loaded is { } folder ? [folder] : LibTorchFolder.OwnFolders)
            .Select(own => LibTorchFolder.PathOf("torch_cuda", own)).FirstOrDefault(File.Exists);
        if (path is null)
            return LibTorchFolder.Loaded is { } named
                ? $"the libtorch in {named} is for CPUs ({LibTorchFolder.FileName("torch_cuda")} is missing). Let {LibTorchFolder.Variable} name a libtorch "
                    + "for CUDA."
                : $"the application's libtorch is for CPUs. {advice.Library}";
        try
        {
            NativeLibrary.Load(path);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return $"{path} does not load: {e.Message} Install the libraries that it needs.";
        }
    }

    /// <summary>The CUDA version of the runtime library that libtorch has loaded, without its minor part; null if there is none.</summary>
    private static int? RuntimeInProcess()
    {
        using Process process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
            if (RuntimeLibrary().Match(Path.GetFileName(module.FileName)) is { Success: true } match)
                return int.Parse(match.Groups["major"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        return null;
    }

    /// <summary>libcudart.so.12, libcudart-9335f6a2.so.12, libcudart.so.12.8.90, cudart64_12.dll.</summary>
    [GeneratedRegex(@"^(libcudart(-\w+)?\.so\.|cudart64_)(?<major>\d{1,3})(\.|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex RuntimeLibrary();
}
