namespace SentimentML.Torch;

/// <summary>What a message on a GPU that is not there tells to do, in the words of the program that shows it.</summary>
/// <param name="Library">Where libtorch has no CUDA; a sentence.</param>
/// <param name="Device">Which device to take instead, as the end of a sentence that begins with "Or".</param>
internal sealed record DeviceAdvice(string Library, string Device)
{
    /// <summary>What who writes a program does.</summary>
    public static readonly DeviceAdvice ForPrograms = new(
        $"Reference {(OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows" : "TorchSharp-cuda-linux")} instead of TorchSharp-cpu, or reference TorchSharp "
            + $"alone and let {LibTorchFolder.Variable} name the folder of a libtorch for CUDA.",
        "use TorchDevice.Auto or TorchDevice.Cpu");
}
