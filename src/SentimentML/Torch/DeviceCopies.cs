using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>Copies from the host's memory to a device's, which the host does not wait for.</summary>
internal static class DeviceCopies
{
    /// <summary>
    /// Moves a new tensor to its device. To a GPU it goes by way of page-locked memory, for which the host does not wait; libtorch's
    /// allocator keeps that memory until its copies have arrived, so that it can be released at once.
    /// </summary>
    /// <param name="host">In the host's memory; disposed if it is copied.</param>
    /// <param name="device">Where it is wanted.</param>
    public static Tensor MovedTo(this Tensor host, Device device)
    {
        if (device.type == DeviceType.CPU)
            return host;
        using Tensor given = host;
        using Tensor pinned = host.pin_memory();
        return pinned.to(device, non_blocking: true);
    }
}
