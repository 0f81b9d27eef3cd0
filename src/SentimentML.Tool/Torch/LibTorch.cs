using System.Runtime.InteropServices;
using SentimentML.Torch;

namespace SentimentML.Tool.Torch;

/// <summary>
/// Finds libtorch for the installed tool, whose package leaves it out: in the folder that SENTIMENTML_LIBTORCH names
/// (<see cref="LibTorchFolder"/>), or in NuGet's cache. A tool built from the sources has it beside itself.
/// </summary>
internal static class LibTorch
{
    /// <summary>What TorchSharp 0.107 is made for; another version does not load.</summary>
    private const string PackageVersion = "2.10.0";

    private static readonly DeviceAdvice Advice = new(
        $"Let {LibTorchFolder.Variable} name the folder of a libtorch for CUDA, such as torch/lib of a PyTorch for CUDA.", "say --device cpu or auto");

    /// <summary>Loads libtorch, and looks for the device before anything long begins.</summary>
    /// <exception cref="SentimentMLException">There is no libtorch that can be used, or not the GPU that was asked for.</exception>
    public static void Load(TorchDevice device)
    {
        Load();
        device.Resolve(Advice);
    }

    /// <summary>To be called before the first use of TorchSharp.</summary>
    /// <exception cref="SentimentMLException">There is no libtorch.</exception>
    public static void Load()
    {
        RequireWorkingDirectory();
        if (LibTorchFolder.Named is not null)
            LibTorchFolder.LoadNamed();
        else if (!LibTorchFolder.OwnFolders.Any(LibTorchFolder.Holds))
            LibTorchFolder.Load(LibTorchFolder.Holds(PackageFolder)
                ? PackageFolder
                : throw new SentimentMLException(
                $"libtorch is not on this machine, or not where it was looked for: beside the tool and in {PackageFolder}. {HowToGetIt}"));
    }

    /// <summary>Without one, oneMKL ends the process when it is loaded.</summary>
    private static void RequireWorkingDirectory()
    {
        try
        {
            _ = Directory.GetCurrentDirectory();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException(
                "The working directory does not exist any more, and libtorch does not load without one. Change to a directory that exists.", e);
        }
    }

    private static string HowToGetIt =>
        $"""
        The tool's package leaves it out for its size. One of these gives it:
        1. dotnet package download {PackageId}@{PackageVersion} --output "{Packages}"   (once; it stays in NuGet's cache)
        2. {LibTorchFolder.Variable}=DIR, where DIR holds libtorch {PackageVersion}, such as torch/lib of a PyTorch 2.10
        """;

    private static string PackageId => $"libtorch-cpu-{Rid}";

    private static string PackageFolder => Path.Combine(Packages, PackageId, PackageVersion, "runtimes", Rid, "native");

    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Rid
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }
}
