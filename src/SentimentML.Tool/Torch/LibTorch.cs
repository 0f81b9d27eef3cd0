using System.Runtime.InteropServices;

namespace SentimentML.Tool.Torch;

/// <summary>
/// Finds libtorch for the installed tool, whose package leaves it out: in the folder that SENTIMENTML_LIBTORCH names, or
/// in NuGet's cache. A tool built from the sources has it beside itself. Found elsewhere, its libraries are loaded before
/// TorchSharp asks for them by name, which then finds them in the process.
/// </summary>
internal static class LibTorch
{
    public const string Variable = "SENTIMENTML_LIBTORCH";

    /// <summary>What TorchSharp 0.107 is made for; another version does not load.</summary>
    private const string PackageVersion = "2.10.0";

    // In the order in which they need one another; those for CUDA are there or not.
    private static readonly string[] Libraries = ["c10", "torch_cpu", "c10_cuda", "torch_cuda_linalg", "torch_cuda", "torch"];

    /// <summary>To be called before the first use of TorchSharp.</summary>
    /// <exception cref="SentimentMLException">There is no libtorch.</exception>
    public static void Load()
    {
        RequireWorkingDirectory();
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            Preload(IsIn(named) ? named : throw new SentimentMLException($"{Variable} is {named}, where there is no {FileName("torch_cpu")}: the folder with libtorch {PackageVersion} was expected. {HowToGetIt}"));
        else if (OwnFolders().Any(IsIn))
            return;
        else
            Preload(IsIn(PackageFolder) ? PackageFolder : throw new SentimentMLException($"libtorch is not on this machine, or not where it was looked for: beside the tool and in {PackageFolder}. {HowToGetIt}"));
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
            throw new SentimentMLException("The working directory does not exist any more, and libtorch does not load without one. Change to a directory that exists.", e);
        }
    }

    private static string HowToGetIt =>
        $"""
        The tool's package leaves it out for its size. One of these gives it:
        1. dotnet package download {PackageId}@{PackageVersion} --output "{Packages}"   (once; it stays in NuGet's cache)
        2. {Variable}=DIR, where DIR holds libtorch {PackageVersion}, such as torch/lib of a PyTorch 2.10
        """;

    private static string PackageId => $"libtorch-cpu-{Rid}";

    private static string PackageFolder => Path.Combine(Packages, PackageId, PackageVersion, "runtimes", Rid, "native");

    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Rid => $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>Where the runtime looks for natives by itself.</summary>
    private static IEnumerable<string> OwnFolders() => (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Append(AppContext.BaseDirectory);

    private static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName("torch_cpu")));

    private static void Preload(string folder)
    {
        foreach (string library in Libraries.Select(name => Path.GetFullPath(Path.Combine(folder, FileName(name)))).Where(File.Exists))
        {
            try
            {
                NativeLibrary.Load(library);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                throw new SentimentMLException($"{library} does not load: {e.Message} {HowToGetIt}", e);
            }
        }
    }

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
}
