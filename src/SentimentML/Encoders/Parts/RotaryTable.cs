using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>
/// Rotary positions (Su et al., 2021, arXiv:2104.09864): cosines and sines of each position's angles, [length, head size] each,
/// the second half of a head as the first (transformers, rotate_half).
/// </summary>
internal sealed record RotaryTable(Tensor Cosines, Tensor Sines) : IDisposable
{
    public static RotaryTable Of(int length, int headSize, double theta, Device device)
    {
        int half = headSize / 2;
        float[] cosines = new float[length * headSize], sines = new float[length * headSize];
        for (int i = 0; i < half; i++)
        {
            float frequency = (float)(1 / Math.Pow(theta, 2.0 * i / headSize));
            for (int position = 0; position < length; position++)
            {
                (double sine, double cosine) = Math.SinCos(position * frequency);
                int at = position * headSize + i;
                (cosines[at], sines[at]) = ((float)cosine, (float)sine);
                (cosines[at + half], sines[at + half]) = ((float)cosine, (float)sine);
            }
        }
        long[] shape = [length, headSize];
        Tensor cosineTable = tensor(cosines, shape).MovedTo(device), sineTable = tensor(sines, shape).MovedTo(device); // [length, head size]
        return new RotaryTable(cosineTable.DetachFromDisposeScope(), sineTable.DetachFromDisposeScope());
    }

    /// <param name="x">[rows, heads, length, head size], at most as long as the table</param>
    /// <returns>The same, each token turned by its position.</returns>
    public Tensor Turn(Tensor x)
    {
        Tensor[] halves = x.chunk(2, -1);
        Tensor turned = cat([halves[1].neg(), halves[0]], -1);
        long length = x.shape[2];
        return (x * Cosines.narrow(0, 0, length)).Plus(turned * Sines.narrow(0, 0, length)).to(x.dtype);
    }

    public void Dispose()
    {
        Cosines.Dispose();
        Sines.Dispose();
    }
}
