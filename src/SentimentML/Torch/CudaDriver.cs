using System.Runtime.InteropServices;

namespace SentimentML.Torch;

/// <summary>
/// NVIDIA's driver (CUDA Driver API), asked for what TorchSharp does not bind: why there is no GPU, how much memory is free, what a GPU
/// can do, and whether it has reached a point in its work. Every call names the GPU by its index, as libtorch counts them.
/// </summary>
internal sealed unsafe class CudaDriver
{
    /// <summary>CUresult: CUDA_SUCCESS and CUDA_ERROR_NO_DEVICE.</summary>
    public const int Success = 0, NoDevice = 100;

    private const int ComputeCapabilityMajor = 75; // CUdevice_attribute
    private const uint DisableTiming = 2;          // CUevent_flags

    private static readonly Lazy<CudaDriver?> Lazily = new(() => Open(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1"));

    private readonly nint _library;
    private readonly Dictionary<int, nint> _contexts = [];
    private readonly Lock _gate = new();

    private CudaDriver(nint library) => _library = library;

    /// <summary>The machine's driver; null if it has none.</summary>
    public static CudaDriver? Installed => Lazily.Value;

    /// <param name="library">The driver's library.</param>
    /// <returns>Null if it does not load.</returns>
    public static CudaDriver? Open(string library) => NativeLibrary.TryLoad(library, out nint handle) ? new CudaDriver(handle) : null;

    /// <summary>The newest CUDA that the driver supports: 12080 is 12.8; 0 if it does not say.</summary>
    public int Version
    {
        get
        {
            int version;
            return ((delegate* unmanaged<int*, int>)Function("cuDriverGetVersion"))(&version) == Success ? version : 0;
        }
    }

    /// <summary>Has to succeed before anything but <see cref="Version"/> is asked for.</summary>
    /// <returns>A CUresult.</returns>
    public int Initialize() => ((delegate* unmanaged<uint, int>)Function("cuInit"))(0);

    /// <summary>Bytes that are free on a GPU; memory that libtorch keeps for its next tensors is not.</summary>
    public long FreeMemory(int index) => InContext(index, () =>
    {
        nuint free, total;
        Require("cuMemGetInfo", ((delegate* unmanaged<nuint*, nuint*, int>)Function("cuMemGetInfo_v2"))(&free, &total));
        return (long)free;
    });

    /// <summary>The first digit of a GPU's compute capability: 7 is Volta and Turing, 8 Ampere and Ada, 9 Hopper.</summary>
    public int ComputeCapability(int index)
    {
        Require("cuInit", Initialize());
        int value;
        Require("cuDeviceGetAttribute",
            ((delegate* unmanaged<int*, int, int, int>)Function("cuDeviceGetAttribute"))(&value, ComputeCapabilityMajor, Device(index)));
        return value;
    }

    /// <summary>A mark in a GPU's work, behind everything that libtorch has put there so far (its default stream).</summary>
    /// <returns>For <see cref="Wait"/>, once.</returns>
    public nint Mark(int index) => InContext(index, () =>
    {
        nint mark;
        Require("cuEventCreate", ((delegate* unmanaged<nint*, uint, int>)Function("cuEventCreate"))(&mark, DisableTiming));
        int recorded = ((delegate* unmanaged<nint, nint, int>)Function("cuEventRecord"))(mark, 0);
        if (recorded != Success)
            Destroy(mark);
        Require("cuEventRecord", recorded);
        return mark;
    });

    /// <summary>Waits until a GPU has reached a mark, and frees it.</summary>
    public void Wait(int index, nint mark) => InContext(index, () =>
    {
        int reached = ((delegate* unmanaged<nint, int>)Function("cuEventSynchronize"))(mark);
        int destroyed = Destroy(mark);
        Require("cuEventSynchronize", reached);
        Require("cuEventDestroy", destroyed);
        return 0L;
    });

    private int Destroy(nint mark) => ((delegate* unmanaged<nint, int>)Function("cuEventDestroy_v2"))(mark);

    /// <summary>With the context that libtorch uses on the GPU, which is the calling thread's before and after only by chance.</summary>
    private T InContext<T>(int index, Func<T> call)
    {
        Require("cuCtxPushCurrent", ((delegate* unmanaged<nint, int>)Function("cuCtxPushCurrent_v2"))(Context(index)));
        try
        {
            return call();
        }
        finally
        {
            nint popped;
            Require("cuCtxPopCurrent", ((delegate* unmanaged<nint*, int>)Function("cuCtxPopCurrent_v2"))(&popped));
        }
    }

    /// <summary>A GPU's primary context, kept for the life of the process, as libtorch keeps it.</summary>
    private nint Context(int index)
    {
        lock (_gate)
        {
            if (!_contexts.TryGetValue(index, out nint context))
            {
                Require("cuInit", Initialize());
                Require("cuDevicePrimaryCtxRetain", ((delegate* unmanaged<nint*, int, int>)Function("cuDevicePrimaryCtxRetain"))(&context, Device(index)));
                _contexts[index] = context;
            }
            return context;
        }
    }

    private int Device(int index)
    {
        int device;
        Require("cuDeviceGet", ((delegate* unmanaged<int*, int, int>)Function("cuDeviceGet"))(&device, index));
        return device;
    }

    private nint Function(string name) => NativeLibrary.GetExport(_library, name);

    private static void Require(string function, int result)
    {
        if (result != Success)
            throw new SentimentMLException($"NVIDIA's driver answered {function} with CUDA error {result}, expected {Success}. Look at the GPU with "
                + "nvidia-smi; if it finds no fault, start the program again.");
    }
}
