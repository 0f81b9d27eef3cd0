using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Training;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.GpuCheck;

/// <summary>Memory that runs out, really: a batch that does not fit goes through the network in pieces, with the same loss.</summary>
internal static partial class MemoryCheck
{
    private const int LeftOnGpu = 512 << 20, LeftOnProcessor = 300 << 20;
    private const int AddressSpace = 9; // RLIMIT_AS

    public static JsonObject Run(CheckSettings settings)
    {
        Device device = settings.Device;
        int count = device.type == DeviceType.CUDA ? 24_000 : 6_000;
        Example[] rows = [.. ReviewRows.Examples(count, seed: 8).Select(row => row with { Tokens = row.Tokens.Ids.ToArray()[..Math.Min(40, row.Tokens.Length)].Select(id => id % 2000).ToArray() })];
        TrainingRecipe oneStep = RecipeCheck.Recipe with { BatchSize = count, Epochs = 1, Shuffle = false, GroupByLength = false, Precision = TrainingPrecision.Float32 };
        StepRecorder Step(Example[] of, bool halves)
        {
            using SequenceClassifier network = GoldenCheck.Tiny(settings, device);
            var recorder = new StepRecorder();
            new TrainingLoop(new ClassificationTask(network, of, null, device, padsBatches: true), oneStep, device, recorder, new RunSettings { HalveBatchWhenOutOfMemory = halves }).Run(CancellationToken.None);
            return recorder;
        }

        Step(rows[..64], halves: false); // all that is loaded at first use
        StepRecorder halved;
        bool refused;
        using (Fill(device))
        {
            refused = RunsOut(() => Step(rows, halves: false));
            halved = Step(rows, halves: true);
        }
        double expected = Step(rows, halves: true).Steps[0].Loss, actual = halved.Steps[0].Loss;
        return new JsonObject
        {
            ["passed"] = refused && halved.Messages.Count > 0 && Math.Abs(expected - actual) <= 1e-4,
            ["refused_without_halving"] = refused,
            ["warning"] = halved.Messages.LastOrDefault(),
            ["loss"] = actual,
            ["loss_with_memory"] = expected,
        };
    }

    private static bool RunsOut(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (TrainingOutOfMemoryException)
        {
            return true;
        }
    }

    /// <summary>Takes nearly all memory until it is disposed.</summary>
    private static IDisposable Fill(Device device)
    {
        if (device.type == DeviceType.CUDA)
            return empty(Math.Max(1, CudaDriver.Installed!.FreeMemory(device.index) - LeftOnGpu), ScalarType.Byte, device);
        return new AddressSpaceLimit(LeftOnProcessor);
    }

    private sealed class AddressSpaceLimit : IDisposable
    {
        private readonly Limit _before;

        public AddressSpaceLimit(long left)
        {
            string size = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmSize", StringComparison.Ordinal));
            long used = long.Parse(size.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
            _ = GetLimit(AddressSpace, out _before);
            Limit lower = _before with { Soft = (ulong)(used + left) };
            _ = SetLimit(AddressSpace, in lower);
        }

        public void Dispose() => _ = SetLimit(AddressSpace, in _before);
    }

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limit(ulong Soft, ulong Hard);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);
}
