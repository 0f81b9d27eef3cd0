using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SentimentML.Torch;

/// <summary>
/// A libtorch that lies elsewhere than beside the application, such as torch/lib of a PyTorch: the folder that SENTIMENTML_LIBTORCH
/// names. Its libraries are loaded before TorchSharp asks for them by name, which then finds them in the process.
/// </summary>
internal static class LibTorchFolder
{
    public const string Variable = "SENTIMENTML_LIBTORCH";

    // In the order in which they need one another; those for CUDA are there or not.
    private static readonly string[] Libraries = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch_cuda_linalg", "torch"];

    private static readonly Lock Gate = new();

    /// <summary>The folder that libtorch was loaded from; null if TorchSharp finds it by itself.</summary>
    public static string? Loaded { get; private set; }

    /// <summary>The folder that the environment names; null if it names none.</summary>
    public static string? Named => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null;

    /// <summary>Where the runtime looks for natives by itself.</summary>
    public static IEnumerable<string> OwnFolders => (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Append(AppContext.BaseDirectory);

    /// <summary>Whether a folder holds libtorch.</summary>
    public static bool Holds(string folder) => File.Exists(PathOf("torch_cpu", folder));

    public static string PathOf(string library, string folder) => Path.GetFullPath(Path.Combine(folder, FileName(library)));

    /// <summary>
    /// Loads the libtorch that the environment names, if it names one. Has to be called before TorchSharp's first use; later calls do
    /// nothing.
    /// </summary>
    /// <exception cref="SentimentMLException">The folder holds no libtorch, or the process has another one.</exception>
    public static void LoadNamed()
    {
        if (Named is not { } named)
            return;
        lock (Gate)
        {
            if (Loaded is not null)
                return;
            if (!Holds(named))
                throw new SentimentMLException($"{Variable} is {named}, which has no {FileName("torch_cpu")}, expected a folder with libtorch, such as "
                    + "torch/lib of a PyTorch. Correct the variable, or unset it to use the application's own libtorch.");
            // A second libtorch in one process registers every operator again, which ends the process.
            string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(named));
            if (InProcess() is { } other && other != folder)
                throw new SentimentMLException($"{Variable} is {named}, but the process has loaded libtorch from {other}. Load a model or start a training "
                    + "before TorchSharp's first use, or unset the variable.");
            if (OwnFolders.FirstOrDefault(own => Path.TrimEndingDirectorySeparator(Path.GetFullPath(own)) != folder && Holds(own)) is { } brought)
                throw new SentimentMLException($"{Variable} is {named}, but the application brings a libtorch of its own, in {brought}. Reference TorchSharp "
                    + "instead of TorchSharp-cpu to use the named one, or unset the variable.");
            Load(named);
        }
    }

    /// <summary>Loads a folder's libtorch.</summary>
    /// <param name="folder">A folder with libtorch, see <see cref="Holds"/>.</param>
    /// <exception cref="SentimentMLException">A library does not load.</exception>
    public static void Load(string folder)
    {
        foreach (string library in Libraries.Select(name => PathOf(name, folder)).Where(File.Exists))
        {
            try
            {
                NativeLibrary.Load(library);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                throw new SentimentMLException($"{library} does not load: {e.Message} Use a libtorch for this system, with the libraries that it needs.", e);
            }
        }
        Loaded = Path.GetFullPath(folder);
    }

    public static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>The folder of the libtorch that the process has loaded; null if it has none.</summary>
    private static string? InProcess()
    {
        using Process process = Process.GetCurrentProcess();
        string fileName = FileName("torch_cpu");
        foreach (ProcessModule module in process.Modules)
            if (Path.GetFileName(module.FileName) == fileName)
                return Path.GetDirectoryName(module.FileName);
        return null;
    }
}
