using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using SentimentML.Files;
using TorchSharp;

namespace SentimentML.Torch;

/// <summary>
/// Lets TorchSharp's native library load on systems whose libstdc++ is older than the one it was linked against
/// (Debian 12, Ubuntu 22.04). The library asks for symbol version GLIBCXX_3.4.32 without using a symbol of it, so a copy
/// in which that demand is marked weak loads. Nothing is done where the library loads as it is: the runtime asks here
/// only after its own search has failed. It is needed until TorchSharp's library is linked without that demand (0.107 has it),
/// or no supported system has a libstdc++ older than GCC 13.2's.
/// </summary>
internal static class LibTorchSharp
{
    private const string Name = "LibTorchSharp";
    private const string FileName = "lib" + Name + ".so";
    internal const string CachePart = "native";

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
            if (_handle == 0 && FindOriginal() is { } original && RelaxedCopy(original, CacheFolder.Open(CachePart)) is { } copy)
            {
                // The copy lies elsewhere, so what it finds beside the original has to be in the process already. A libtorch that the
                // environment names is.
                string folder = Path.GetDirectoryName(original)!;
                foreach (string dependency in LibTorchFolder.Loaded is null ? (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"] : [])
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

    /// <summary>The copy with the weak demand. One that an earlier process left is used if it has exactly the bytes that would be written.</summary>
    /// <param name="original">TorchSharp's library.</param>
    /// <param name="folder">A folder that nobody else can write to: what lies there is loaded as code.</param>
    /// <returns>The copy's path; null if the library does not make that demand.</returns>
    internal static string? RelaxedCopy(string original, string folder)
    {
        byte[] image = File.ReadAllBytes(original);
        if (!ElfVersionNeeds.MakeWeak(image, UnusedVersion))
            return null;
        string copy = Path.Combine(folder, $"{Name}-{Convert.ToHexStringLower(SHA256.HashData(image))[..16]}.so");
        if (!Holds(copy, image))
        {
            File.Delete(copy);
            WholeFile.Write(copy, image, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        return copy;
    }

    private static bool Holds(string path, ReadOnlySpan<byte> content) =>
        new FileInfo(path) is { Exists: true } file && file.Length == content.Length && content.SequenceEqual(File.ReadAllBytes(path));
}
