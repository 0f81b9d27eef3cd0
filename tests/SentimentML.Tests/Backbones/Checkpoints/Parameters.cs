using System.Runtime.InteropServices;
using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Tests.Backbones.Checkpoints;

/// <summary>A network's parameters in native memory, as libtorch would hold them.</summary>
internal sealed unsafe class Parameters : IDisposable
{
    public const float Untouched = -99;

    private readonly Dictionary<string, Destination> _destinations = new(StringComparer.Ordinal);

    public Parameters(IEnumerable<(string Name, long[] Shape)> shapes)
    {
        foreach ((string name, long[] shape) in shapes)
        {
            int count = (int)shape.Aggregate(1L, (a, b) => a * b);
            var data = (float*)NativeMemory.Alloc((nuint)count, sizeof(float));
            new Span<float>(data, count).Fill(Untouched);
            _destinations.Add(name, new Destination(data, shape));
        }
    }

    public IReadOnlyDictionary<string, Destination> Destinations => _destinations;

    public float[] Values(string name)
    {
        Destination destination = _destinations[name];
        return new ReadOnlySpan<float>(destination.Data, (int)destination.Shape.Aggregate(1L, (a, b) => a * b)).ToArray();
    }

    public void Dispose()
    {
        foreach (Destination destination in _destinations.Values)
            NativeMemory.Free(destination.Data);
        _destinations.Clear();
    }
}
