using System.Diagnostics;
using System.Text.Json.Nodes;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.GpuCheck;

/// <summary>The device is there and multiplies; how fast is the bound for everything else.</summary>
internal static class DeviceCheck
{
    public static JsonObject Run(CheckSettings settings)
    {
        Device device = settings.Device;
        var result = new JsonObject
        {
            ["passed"] = true,
            ["device"] = device.ToString(),
            ["libtorch"] = LibTorchFolder.Loaded ?? "the program's own",
            ["tflops_bf16"] = Math.Round(MatrixProducts(device, ScalarType.BFloat16, settings.IsDry) / 1e12, 3),
            ["tflops_fp32"] = Math.Round(MatrixProducts(device, ScalarType.Float32, settings.IsDry) / 1e12, 3),
        };
        if (device.type == DeviceType.CUDA)
        {
            result["driver_cuda"] = CudaDriver.Installed!.Version;
            result["compute_capability"] = CudaDriver.Installed.ComputeCapability(device.index);
            result["free_gib"] = Math.Round(CudaDriver.Installed.FreeMemory(device.index) / (double)(1 << 30), 1);
        }
        return result;
    }

    /// <summary>Operations a second of a large matrix product: ten in a row, the best of three.</summary>
    public static double MatrixProducts(Device device, ScalarType type, bool dry)
    {
        const int products = 10;
        long size = dry ? 256 : 8192;
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn(size, size, device: device).to(type), w = randn(size, size, device: device).to(type);
        double best = double.MaxValue;
        for (int round = 0; round < 4; round++) // the first one warms up
        {
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < products; i++)
                x.matmul(w).Dispose();
            x[0, 0].ToDouble(); // waits for the device
            if (round > 0)
                best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return products * 2.0 * size * size * size / best;
    }
}
