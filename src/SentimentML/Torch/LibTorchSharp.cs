using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using TorchSharp;

namespace SentimentML.Torch;

/// <summary>
/// Lets TorchSharp's native library load on systems whose libstdc++ is older than the one it was linked against
/// (Debian 12, Ubuntu 22.04). The library asks for symbol version GLIBCXX_3.4.32 without using a symbol of it, so a copy
/// in which that demand is marked weak loads. Nothing is done where the library loads as it is: the runtime asks here
/// only after its own search has failed.
/// </summary>
internal static class LibTorchSharp
{
    private const string Name = "LibTorchSharp";
    private const string FileName = "lib" + Name + ".so";
    private const string UnusedVersion = "GLIBCXX_3.4.32";

    private static readonly Lock Gate = new();
    private static nint _handle;

    /// <summary>Has to be called before TorchSharp's first use.</summary>
    public static void Register()
    {
        Assembly torchSharp = typeof(torch).Assembly;
        AssemblyLoadContext context = AssemblyLoadContext.GetLoadContext(torchSharp) ?? AssemblyLoadContext.Default;
        context.ResolvingUnmanagedDll += (assembly, name) => { return assembly == torchSharp && name is Name or FileName ? Load() : 0; };
    }

    private static nint Load()
    {
        lock (Gate)
        {
            if (_handle == 0 && FindOriginal() is { } original && RelaxedCopy(original) is { } copy)
            {
                // The copy lies elsewhere, so what it finds beside the original has to be in the process already.
                string folder = Path.GetDirectoryName(original)!;
                foreach (string dependency in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
                    if (FindNative(dependency, folder) is { } path)
                        NativeLibrary.Load(path);
                _handle = NativeLibrary.Load(copy);
            }
            return _handle;
        }
    }

    private static string? FindOriginal() => FindNative(FileName, Path.GetDirectoryName(typeof(torch).Assembly.Location));

    /// <summary>Where an application's natives lie: beside it, in its runtimes folder, or in the packages its deps.json names.</summary>
    private static string? FindNative(string fileName, string? preferredFolder)
    {
        string searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string runtimes = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        return new[] { preferredFolder, AppContext.BaseDirectory, runtimes }
            .Concat(searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .Where(folder => !string.IsNullOrEmpty(folder))
            .Select(folder => Path.Combine(folder!, fileName))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>The per-user copy with the weak demand; null when the library does not make that demand.</summary>
    private static string? RelaxedCopy(string original)
    {
        byte[] image = File.ReadAllBytes(original);
        string hash = Convert.ToHexStringLower(SHA256.HashData(image))[..16];
        string folder = CacheFolder();
        string copy = Path.Combine(folder, $"{Name}-{hash}.so");
        if (!ElfVersionNeeds.MakeWeak(image, UnusedVersion))
            return null;
        if (!File.Exists(copy) || new FileInfo(copy).Length != image.Length)
        {
            Directory.CreateDirectory(folder);
            string partial = $"{copy}.{Environment.ProcessId}.{Guid.NewGuid():N}";
            File.WriteAllBytes(partial, image);
            File.Move(partial, copy, overwrite: true);
        }
        return copy;
    }

    /// <summary>Where the relaxed copy goes.</summary>
    internal static string CacheFolder()
    {
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache) || !Path.IsPathRooted(cache))
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            cache = string.IsNullOrEmpty(home) ? Path.Combine(Path.GetTempPath(), "cache-" + Environment.UserName) : Path.Combine(home, ".cache");
        }
        return Path.Combine(cache, "sentimentml", "native");
    }
}
