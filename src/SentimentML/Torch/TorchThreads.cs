using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>
/// How many threads libtorch's operators use. OpenMP and MKL keep the number for each thread that calls them, so threads of one process may
/// have different ones; torch.set_num_threads would also change it for every thread that first calls libtorch later.
/// </summary>
internal static partial class TorchThreads
{
    private const string LibTorch = "torch_cpu"; // its own exports and, on Linux and macOS, those of the libraries that it needs

    private const string Pause = "omp_pause_resource_all"; // OpenMP 5.0
    private const int PauseHard = 2;

    private static readonly Lazy<(bool OpenMp, bool Mkl, bool Pause)> Settable = new(() =>
        NativeLibrary.TryLoad(LibTorch, typeof(TorchThreads).Assembly, null, out nint library)
            ? (NativeLibrary.TryGetExport(library, "omp_set_num_threads", out _), NativeLibrary.TryGetExport(library, "MKL_Set_Num_Threads_Local", out _),
                NativeLibrary.TryGetExport(library, Pause, out _))
            : (false, false, false));

    /// <summary>
    /// Threads for an operator: what torch.set_num_threads or OMP_NUM_THREADS says, by default the processor's cores, and never more than
    /// the process may use.
    /// </summary>
    public static int Count()
    {
        int threads = 1;
        var asker = new Thread(() => threads = get_num_threads()); // the caller may have a number of its own
        asker.Start();
        asker.Join();
        return Math.Min(threads, Environment.ProcessorCount);
    }

    /// <summary>
    /// How many threads compute at once, each on one core: <see cref="Count"/> on a CPU, 1 where the number cannot be set for one
    /// thread; 2 on a GPU, so that one thread prepares a batch while the GPU computes another.
    /// </summary>
    /// <param name="device">Where the network is.</param>
    public static int Workers(Device device) => device.type != DeviceType.CPU ? 2 : CanBeSet ? Count() : 1;

    /// <summary>Whether a thread can be given a number of its own: not on Windows, where libtorch does not show OpenMP's functions.</summary>
    public static bool CanBeSet
    {
        get
        {
            _ = get_num_threads(); // loads libtorch
            return Settable.Value.OpenMp;
        }
    }

    /// <summary>Gives the calling thread a number until the result is disposed; without effect if it cannot be set.</summary>
    public static Setting Use(int threads) => new(threads);

    /// <summary>
    /// Ends the threads that OpenMP keeps for the calling thread's next operator; they are started again if there is one. While several threads
    /// of a process keep some, more than there are cores, OpenMP lets threads that wait sleep almost at once: on two cores a single text in
    /// int8 then takes 1.7 times as long.
    /// </summary>
    public static void EndKept()
    {
        if (CanBeSet && Settable.Value.Pause)
            _ = PauseOpenMp(PauseHard);
    }

    [LibraryImport(LibTorch, EntryPoint = Pause)]
    private static partial int PauseOpenMp(int kind);

    [LibraryImport(LibTorch, EntryPoint = "omp_set_num_threads")]
    private static partial void SetOpenMp(int threads);

    [LibraryImport(LibTorch, EntryPoint = "MKL_Set_Num_Threads_Local")]
    private static partial int SetMkl(int threads);

    internal readonly struct Setting : IDisposable
    {
        private readonly int _openMp;
        private readonly int _mkl;

        public Setting(int threads)
        {
            _openMp = get_num_threads(); // also keeps libtorch from setting it when this thread first calls an operator
            if (!CanBeSet)
                return;
            SetOpenMp(threads);
            if (Settable.Value.Mkl)
                _mkl = SetMkl(threads);
        }

        public void Dispose()
        {
            if (!CanBeSet)
                return;
            SetOpenMp(_openMp);
            if (Settable.Value.Mkl)
                _ = SetMkl(_mkl);
        }
    }
}
