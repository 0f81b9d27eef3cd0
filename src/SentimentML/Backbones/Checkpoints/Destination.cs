namespace SentimentML.Backbones.Checkpoints;

/// <summary>Where a network's parameter lies in memory: row-major floats of the given shape.</summary>
internal readonly unsafe struct Destination(float* data, params long[] shape)
{
    public float* Data { get; } = data;

    public long[] Shape { get; } = shape;
}
