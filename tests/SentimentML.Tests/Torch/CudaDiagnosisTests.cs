using System.Diagnostics;
using System.Globalization;
using SentimentML.Torch;
using TorchSharp;

namespace SentimentML.Tests.Torch;

/// <summary>What the error says if no GPU can be used. The driver is compiled for the test and answers as a machine's would.</summary>
public sealed class CudaDiagnosisTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_CUDAs_package_the_package_is_named()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "this machine has a GPU");
        string message = Assert.Throws<SentimentMLException>(() => TorchDevice.Cuda(1).Resolve()).Message;
        Assert.StartsWith("The device cuda:1 was asked for, but no CUDA GPU can be used: the application's libtorch is for CPUs. Reference TorchSharp-cuda-",
            message, StringComparison.Ordinal);
        Assert.EndsWith("Or use TorchDevice.Auto or TorchDevice.Cpu.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_driver_the_driver_is_asked_for()
    {
        string message = CudaDiagnosis.WhyNone(libraryFault: null, CudaDriver.Open(_folder.At("libcuda.so.1")), runtime: 12, visibleDevices: null);
        Assert.Equal("there is no NVIDIA driver (libcuda.so.1 or nvcuda.dll is not found). Install NVIDIA's driver; start a container with the machine's GPUs.",
            message);
    }

    [Theory]
    [InlineData(11040, 0, null, "the NVIDIA driver supports CUDA 11.4, expected 12.0 or newer for this libtorch. Update NVIDIA's driver.")]
    [InlineData(12020, 100, null, "the NVIDIA driver finds no GPU. Look at the GPUs with nvidia-smi; start a container with the machine's GPUs.")]
    [InlineData(13000, 100, "",
        "the NVIDIA driver finds no GPU. CUDA_VISIBLE_DEVICES is '', which hides the others. Look at the GPUs with nvidia-smi; start a container with the "
        + "machine's GPUs.")]
    [InlineData(12080, 803, null,
        "the NVIDIA driver does not start (CUDA error 803). Look at it with nvidia-smi; after an update of the driver, restart the machine.")]
    [InlineData(12080, 0, "7",
        "the NVIDIA driver works, but libtorch finds no GPU that it can use. CUDA_VISIBLE_DEVICES is '7', which hides the others. Look at the GPUs with "
        + "nvidia-smi.")]
    public void A_driver_that_does_not_do_is_described(int version, int initialized, string? visibleDevices, string expected) =>
        Assert.Equal(expected, CudaDiagnosis.WhyNone(libraryFault: null, Driver(version, initialized), runtime: 12, visibleDevices));

    [Fact]
    public void What_is_wrong_with_the_library_comes_first() =>
        Assert.Equal("it is missing.", CudaDiagnosis.WhyNone("it is missing.", driver: null, runtime: 12, visibleDevices: null));

    [Fact]
    public void The_driver_answers_for_the_GPU_that_is_named_in_that_GPUs_context()
    {
        CudaDriver driver = Driver(12080, 0);
        Assert.Equal(1L << 30, driver.FreeMemory(0));
        Assert.Equal(2L << 30, driver.FreeMemory(1));
        Assert.Equal(8, driver.ComputeCapability(0));
        Assert.Equal(9, driver.ComputeCapability(1));
        nint mark = driver.Mark(1);
        driver.Wait(1, mark);
        Assert.Contains("cuEventSynchronize with CUDA error 400", Assert.Throws<SentimentMLException>(() => driver.Wait(1, mark + 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains("cuDeviceGet with CUDA error 101", Assert.Throws<SentimentMLException>(() => driver.FreeMemory(2)).Message, StringComparison.Ordinal);
    }

    /// <summary>A driver with two GPUs, of one and two gigabytes, compute capability 8 and 9.</summary>
    private CudaDriver Driver(int version, int initialized)
    {
        string library = _folder.At(string.Create(CultureInfo.InvariantCulture, $"libcuda-{version}-{initialized}.so"));
        _folder.With("driver.c", $$"""
            #include <stddef.h>
            static int current = -1, marked = -1;
            static int contexts[2];
            int cuDriverGetVersion(int *version) { *version = {{version}}; return 0; }
            int cuInit(unsigned flags) { return flags ? 1 : {{initialized}}; }
            int cuDeviceGet(int *device, int index) { *device = 10 + index; return index < 2 ? 0 : 101; }
            int cuDeviceGetAttribute(int *value, int attribute, int device) { *value = device - 2; return attribute == 75 ? 0 : 1; }
            int cuDevicePrimaryCtxRetain(void **context, int device) { *context = &contexts[device - 10]; return 0; }
            int cuCtxPushCurrent_v2(void *context) { if (current >= 0) return 201; current = (int *)context - contexts; return 0; }
            int cuCtxPopCurrent_v2(void **context) { *context = &contexts[current]; current = -1; return 0; }
            int cuMemGetInfo_v2(size_t *available, size_t *total) { *total = 4ull << 30; *available = (size_t)(current + 1) << 30; return current < 0 ? 201 : 0; }
            int cuEventCreate(void **event, unsigned flags) { *event = &marked; return flags == 2 && current >= 0 ? 0 : 1; }
            int cuEventRecord(void *event, void *stream) { marked = current; return event == &marked && !stream ? 0 : 400; }
            int cuEventSynchronize(void *event) { return event == &marked && marked == current ? 0 : 400; }
            int cuEventDestroy_v2(void *event) { return event ? 0 : 400; }
            """);
        try
        {
            using Process compiler = Process.Start("gcc", ["-shared", "-fPIC", "-o", library, _folder.At("driver.c")]);
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("needs gcc, to compile a driver");
        }
        return CudaDriver.Open(library)!;
    }
}
