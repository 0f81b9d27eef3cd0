using System.Runtime.InteropServices;

namespace SentimentML.Torch;

/// <summary>
/// The C library's heap. As it comes, glibc takes large tensors from the system and gives them back each time, and the system
/// clears every page again: a twentieth of a training step at roberta-base's size.
/// </summary>
internal static partial class NativeHeap
{
    // malloc.h, with what glibc starts with (mallopt(3))
    private const int TrimThreshold = -1, MostMappings = -4;
    private const int DefaultTrimThreshold = 128 << 10, DefaultMostMappings = 65536;

    private static bool IsGlibc { get; } = OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad("libc.so.6", out nint library) && NativeLibrary.TryGetExport(library, "gnu_get_libc_version", out _);

    /// <summary>Keeps freed memory for the next tensors until the result is disposed, which gives all of it back. Does nothing where the C library is another.</summary>
    public static IDisposable Keep() => new Kept();

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);

    private sealed class Kept : IDisposable
    {
        public Kept() => Set(int.MaxValue, 0);

        public void Dispose()
        {
            Set(DefaultTrimThreshold, DefaultMostMappings);
            if (IsGlibc)
                _ = Trim(0);
        }

        private static void Set(int trimThreshold, int mostMappings)
        {
            if (!IsGlibc)
                return;
            _ = SetOption(TrimThreshold, trimThreshold);
            _ = SetOption(MostMappings, mostMappings);
        }
    }
}
