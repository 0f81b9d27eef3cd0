using System.Globalization;
using SentimentML.Torch;
using SentimentML.Wording;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML;

/// <summary>Where a network computes: <see cref="Auto"/>, <see cref="Cpu"/> or <see cref="Cuda"/>.</summary>
public sealed class TorchDevice : IEquatable<TorchDevice>
{
    private readonly DeviceType? _type;
    private readonly int _index;

    private TorchDevice(DeviceType? type, int index = 0)
    {
        _type = type;
        _index = index;
    }

    /// <summary>
    /// The first CUDA GPU if the application brings CUDA's libtorch and the machine has one, else the CPU. With an MLContext whose
    /// GpuDeviceId is set: that GPU, or the CPU if the GPU cannot be used and FallbackToCpu is true.
    /// </summary>
    public static TorchDevice Auto { get; } = new(null);

    /// <summary>The processor.</summary>
    public static TorchDevice Cpu { get; } = new(DeviceType.CPU);

    /// <summary>A CUDA GPU.</summary>
    /// <param name="index">Which one, counted from 0. The default is 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative.</exception>
    public static TorchDevice Cuda(int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new TorchDevice(DeviceType.CUDA, index);
    }

    /// <summary>Reads "auto", "cpu", "cuda" or "cuda:N".</summary>
    /// <param name="text">The device's name, in any case.</param>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static TorchDevice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = text.Trim().ToLowerInvariant();
        if (name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return Cuda(index);
        return name switch
        {
            "auto" => Auto,
            "cpu" => Cpu,
            "cuda" => Cuda(),
            _ => throw new FormatException($"'{text}' is not a device, expected auto, cpu, cuda or cuda:N."),
        };
    }

    internal bool IsAuto => _type is null;

    /// <summary>The device that this names on this machine, with the libtorch that the environment names (SENTIMENTML_LIBTORCH).</summary>
    /// <exception cref="SentimentMLException">A GPU was asked for that is not there, or the named libtorch cannot be used.</exception>
    /// <param name="advice">What a message tells to do. The default value is null: what a C# program does.</param>
    internal Device Resolve(DeviceAdvice? advice = null)
    {
        advice ??= DeviceAdvice.ForPrograms;
        NativeTorch.Load();
        if (_type == DeviceType.CPU || (_type is null && !cuda.is_available()))
            return CPU;
        if (!cuda.is_available())
            throw new SentimentMLException($"The device {this} was asked for, but {NoGpu(advice)} Or {advice.Device}.");
        if (_index >= cuda.device_count())
            throw new SentimentMLException($"The device {this} was asked for, but this machine has {cuda.device_count()} CUDA GPUs, expected cuda:0 to "
                + $"cuda:{cuda.device_count() - 1}. Name one of these.");
        return Gpu(_index);
    }

    /// <summary>The GPU that an MLContext names.</summary>
    /// <param name="gpuDeviceId">MLContext.GpuDeviceId.</param>
    /// <param name="fallbackToCpu">MLContext.FallbackToCpu.</param>
    /// <param name="warn">Receives why the CPU computes instead.</param>
    /// <exception cref="SentimentMLException">The GPU is not there, and the CPU is not allowed.</exception>
    internal static Device Resolve(int gpuDeviceId, bool fallbackToCpu, Action<string> warn)
    {
        NativeTorch.Load();
        int gpus = cuda.is_available() ? cuda.device_count() : 0;
        if (gpuDeviceId >= 0 && gpuDeviceId < gpus)
            return Gpu(gpuDeviceId);
        string why = gpus == 0 ? NoGpu(DeviceAdvice.ForPrograms) : $"this machine has {gpus} CUDA GPUs: expected 0 to {gpus - 1}.";
        string fault = $"MLContext.GpuDeviceId is {gpuDeviceId}, but {why}";
        if (!fallbackToCpu)
            throw new SentimentMLException($"{fault} Or set MLContext.FallbackToCpu to true, or GpuDeviceId to null.");
        warn(Localized.Say(
            $"MLContext.GpuDeviceId es {gpuDeviceId}, y "
            + (gpus == 0 ? "libtorch no puede usar ninguna GPU aquí" : $"esta máquina tiene {gpus} GPU de CUDA, de la 0 a la {gpus - 1}")
            + ". Calcula la CPU, como permite MLContext.FallbackToCpu.",
            $"{fault} The CPU computes, as MLContext.FallbackToCpu allows."));
        return CPU;
    }

    private static Device Gpu(int index)
    {
        ShapeKernels.TurnOff();
        return new Device(DeviceType.CUDA, index);
    }

    private static string NoGpu(DeviceAdvice advice) => $"no CUDA GPU can be used: {CudaDiagnosis.WhyNone(advice)}";

    /// <inheritdoc/>
    public bool Equals(TorchDevice? other) => other is not null && _type == other._type && _index == other._index;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TorchDevice);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_type, _index);

    /// <summary>"auto", "cpu" or "cuda:N".</summary>
    public override string ToString() => _type switch
    {
        null => "auto",
        DeviceType.CUDA => string.Create(CultureInfo.InvariantCulture, $"cuda:{_index}"),
        _ => "cpu",
    };
}
