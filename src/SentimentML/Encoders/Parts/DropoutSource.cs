using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SentimentML.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>
/// The random numbers of a network's dropout, apart from the global generator. On a CPU libtorch draws them one at a time
/// on one core, 4 ms for each of roberta-base's 25 masks in a step; here they are drawn eight at a time. On a GPU the numbers come from
/// libtorch's default generator, because TorchSharp cannot create another one there.
/// </summary>
internal sealed class DropoutSource : IDisposable
{
    private readonly bool _drawsInLibtorch;
    private readonly Generator? _generator; // null: the device's own
    private readonly ThreadLocal<VectorRandom[]> _random = new(() => new VectorRandom[1]); // in an array, to be drawn from in place

    public DropoutSource(Device device)
        : this(device.type != DeviceType.CPU, null)
    {
    }

    /// <summary>From libtorch's numbers on a CPU too.</summary>
    internal DropoutSource(Generator generator)
        : this(true, generator)
    {
    }

    private DropoutSource(bool drawsInLibtorch, Generator? generator)
    {
        _drawsInLibtorch = drawsInLibtorch;
        _generator = generator;
    }

    /// <summary>Begins the numbers that belong to this seed; on a CPU for the calling thread alone.</summary>
    public void Seed(long seed)
    {
        SeedLibtorch(seed);
        Random = new VectorRandom(unchecked((ulong)seed));
    }

    /// <summary>Where the calling thread's numbers are, so that <see cref="GoTo"/> gives those that follow once more.</summary>
    public VectorRandom Mark()
    {
        VectorRandom here = Random;
        if (_drawsInLibtorch)
            SeedLibtorch((long)NextSeed()); // whose own place cannot be read
        return here;
    }

    /// <summary>Goes on from a mark.</summary>
    /// <returns>Where the numbers were. On a CPU they go on from there when it is given back; on a GPU only what is marked or seeded next does.</returns>
    public VectorRandom GoTo(VectorRandom mark)
    {
        VectorRandom before = Random;
        Random = mark;
        if (_drawsInLibtorch)
            SeedLibtorch((long)NextSeed());
        return before;
    }

    /// <summary>A factor for each element: 0 with the given probability, else what keeps the expectation.</summary>
    /// <param name="like">Its shape, type and device; float32 or bfloat16 on a CPU.</param>
    /// <param name="probability">More than 0, at most 1.</param>
    public Tensor Mask(Tensor like, double probability)
    {
        Tensor mask = empty(like.shape, like.dtype, like.device);
        var factors = new DropoutFactors(probability);
        if (_drawsInLibtorch)
        {
            using Scalar kept = factors.Kept;
            return mask.bernoulli_(1 - probability, _generator).mul_(kept);
        }
        const int partLength = 1 << 28; // a span's bytes are counted by an int
        using Tensor flat = mask.view(-1);
        foreach (Tensor part in flat.split(partLength))
        {
            using (part)
            {
                if (like.dtype == ScalarType.BFloat16)
                    Fill(MemoryMarshal.Cast<byte, ushort>(part.bytes), factors.LeastKept, Half(factors.Kept));
                else
                    Fill(MemoryMarshal.Cast<byte, float>(part.bytes), factors.LeastKept, factors.Kept);
            }
        }
        return mask;
    }

    /// <summary>A seed for numbers that are drawn elsewhere, on a CPU.</summary>
    public ulong NextSeed() => Random.Next().AsUInt64()[0];

    public void Dispose()
    {
        _generator?.Dispose();
        _random.Dispose();
    }

    /// <summary>The calling thread's.</summary>
    private ref VectorRandom Random => ref _random.Value![0];

    private void SeedLibtorch(long seed)
    {
        if (_generator is not null)
            _generator.manual_seed(seed);
        else if (_drawsInLibtorch)
            cuda.manual_seed_all(seed);
    }

    private void Fill(Span<float> mask, uint least, float kept)
    {
        ref VectorRandom random = ref Random;
        while (mask.Length > 0)
        {
            Vector256<uint> drawn = Vector256.GreaterThanOrEqual(random.Next(), Vector256.Create(least)) & Vector256.Create(kept).AsUInt32();
            mask = Write(drawn.AsSingle(), mask);
        }
    }

    private void Fill(Span<ushort> mask, uint least, ushort kept)
    {
        ref VectorRandom random = ref Random;
        while (mask.Length > 0)
        {
            Vector256<uint> lower = Vector256.GreaterThanOrEqual(random.Next(), Vector256.Create(least)),
                upper = Vector256.GreaterThanOrEqual(random.Next(), Vector256.Create(least));
            mask = Write(Vector256.Narrow(lower, upper) & Vector256.Create(kept), mask);
        }
    }

    /// <returns>What is left to fill.</returns>
    private static Span<T> Write<T>(Vector256<T> values, Span<T> target)
    {
        if (target.Length >= Vector256<T>.Count)
        {
            values.CopyTo(target);
            return target[Vector256<T>.Count..];
        }
        for (int i = 0; i < target.Length; i++)
            target[i] = values[i];
        return [];
    }

    /// <summary>A float's bits in bfloat16, rounded to the nearest.</summary>
    private static ushort Half(float value) => (ushort)((BitConverter.SingleToUInt32Bits(value) + 0x8000) >> 16);
}
