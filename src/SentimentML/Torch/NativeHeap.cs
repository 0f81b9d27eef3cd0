using System.Globalization;
using System.Runtime.InteropServices;

namespace SentimentML.Torch;

/// <summary>
/// The C library's heap. By default, glibc takes large tensors from the system and gives them back each time, and the system
/// clears every page again: a twentieth of a training step at roberta-base's size.
/// </summary>
internal static partial class NativeHeap
{
    // malloc.h. The thresholds are the highest that glibc's own rule reaches (mallopt(3)); the rule is switched off when one of them is set.
    // With its starting values, each tensor of a layer would be mapped separately and its pages cleared: classifying would take 1.1 to 1.8
    // times as long.
    private const int TrimThreshold = -1, MappingThreshold = -3, MaxMappings = -4;
    private const int HighestTrimThreshold = 2 * HighestMappingThreshold, HighestMappingThreshold = 32 << 20, DefaultMaxMappings = 65536;

    private const int LargeTensor = 1 << 20; // bytes

    private static readonly Lock Gate = new();
    private static int _keepers, _mappers;

    private static bool IsGlibc { get; } = OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad("libc.so.6", out nint library) && NativeLibrary.TryGetExport(library, "gnu_get_libc_version", out _);

    /// <summary>
    /// Keeps freed memory for the next tensors until every result of this method is disposed, which gives all of it back. The
    /// heap then has the settings of the environment (GLIBC_TUNABLES, MALLOC_TRIM_THRESHOLD_, MALLOC_MMAP_THRESHOLD_, MALLOC_MMAP_MAX_), or
    /// those that glibc comes to by itself: what a program set by mallopt itself cannot be read, and is lost. Does nothing with another C library.
    /// </summary>
    public static IDisposable Keep() => new User(keeps: true);

    /// <summary>
    /// Takes each large tensor from the system by itself and gives it back when it is freed, until every result of this method is disposed; while a
    /// <see cref="Keep"/> is in force, that goes first. For the least memory: in a heap, what is freed between tensors that stay leaves gaps, which
    /// take more than a step needs that computes layers again.
    /// </summary>
    public static IDisposable Map() => new User(keeps: false);

    /// <summary>
    /// Gives freed memory back to the system, unless a <see cref="Keep"/> is in force. By itself glibc keeps what lies below the
    /// heap's last used block, which a network's worth of freed weights often does.
    /// </summary>
    public static void GiveBack()
    {
        lock (Gate)
            if (_keepers == 0)
                GiveBackKept();
    }

    /// <summary>The same while a <see cref="Keep"/> is in force too: where memory ran out, for what is not allocated in the heap, such as code.</summary>
    public static void GiveBackKept()
    {
        if (IsGlibc)
            _ = Trim(0);
    }

    /// <summary>What the environment sets; 0 or more.</summary>
    internal static int Configured(Func<string, string?> variable, string tunable, string name, int byDefault)
    {
        string prefix = $"glibc.malloc.{tunable}=";
        string? value = variable("GLIBC_TUNABLES")?.Split(':').LastOrDefault(setting => setting.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..]
            ?? variable(name);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int set) ? set : byDefault;
    }

    /// <summary>Puts into force what the users want.</summary>
    private static void Apply()
    {
        if (!IsGlibc)
            return;
        if (_keepers > 0)
        {
            Set(HighestMappingThreshold, int.MaxValue, 0);
            return;
        }
        int threshold = Configured(Environment.GetEnvironmentVariable, "mmap_threshold", "MALLOC_MMAP_THRESHOLD_", HighestMappingThreshold);
        Set(_mappers > 0 ? LargeTensor : threshold,
            Configured(Environment.GetEnvironmentVariable, "trim_threshold", "MALLOC_TRIM_THRESHOLD_", HighestTrimThreshold),
            Configured(Environment.GetEnvironmentVariable, "mmap_max", "MALLOC_MMAP_MAX_", DefaultMaxMappings));
        _ = Trim(0);
    }

    private static void Set(int mappingThreshold, int trimThreshold, int maxMappings)
    {
        _ = SetOption(MappingThreshold, mappingThreshold);
        _ = SetOption(TrimThreshold, trimThreshold);
        _ = SetOption(MaxMappings, maxMappings);
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);

    private sealed class User : IDisposable
    {
        private readonly bool _keeps;
        private bool _disposed;

        public User(bool keeps)
        {
            _keeps = keeps;
            lock (Gate)
                Count(1);
        }

        public void Dispose()
        {
            lock (Gate)
            {
                if (_disposed)
                    return;
                _disposed = true;
                Count(-1);
            }
        }

        private void Count(int by)
        {
            (bool kept, bool mapped) = (_keepers > 0, _mappers > 0);
            if (_keeps)
                _keepers += by;
            else
                _mappers += by;
            if (kept != _keepers > 0 || mapped != _mappers > 0)
                Apply();
        }
    }
}
