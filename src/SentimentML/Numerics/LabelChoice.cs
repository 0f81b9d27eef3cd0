using System.Numerics;

namespace SentimentML.Numerics;

/// <summary>
/// The label that a row of scores stands for. It is decided here and on the logits, before any temperature or rounding: two
/// logits that differ may become equal probabilities, and which of them is the larger is lost.
/// </summary>
internal static class LabelChoice
{
    /// <summary>The place of the largest logit, the first of equals.</summary>
    public static int Of<T>(ReadOnlySpan<T> logits)
        where T : INumber<T>
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
                best = i;
        }
        return best;
    }

    /// <inheritdoc cref="Of{T}(ReadOnlySpan{T})"/>
    public static int Of<T>(T[] logits)
        where T : INumber<T> => Of<T>(logits.AsSpan());
}
