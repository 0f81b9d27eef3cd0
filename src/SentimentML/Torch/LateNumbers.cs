using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>
/// Numbers that a device may still be computing, on their way to the host. The host reads them after it has given the device more to
/// do, so that neither waits for the other.
/// </summary>
internal sealed class LateNumbers : IDisposable
{
    private readonly Tensor _host;
    private readonly CudaDriver? _driver;
    private readonly int _index;
    private nint _arrival;

    /// <param name="numbers">float32, any shape.</param>
    public LateNumbers(Tensor numbers)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor host = numbers.detach().to(CPU, copy: true, non_blocking: true); // from a GPU into page-locked memory
        if (numbers.device_type == DeviceType.CUDA)
        {
            _driver = CudaDriver.Installed!;
            _index = Math.Max(numbers.device_index, 0);
            _arrival = _driver.Mark(_index);
        }
        _host = host.DetachFromDisposeScope();
    }

    /// <summary>Waits until the numbers are there.</summary>
    public float[] Read()
    {
        Arrive();
        return _host.data<float>().ToArray();
    }

    public void Dispose()
    {
        try
        {
            Arrive();
        }
        finally
        {
            _host.Dispose();
        }
    }

    private void Arrive()
    {
        if (_arrival == 0)
            return;
        nint arrival = _arrival;
        _arrival = 0;
        _driver!.Wait(_index, arrival);
    }
}
